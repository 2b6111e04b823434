import { createHash } from "node:crypto";
import { spawnSync } from "node:child_process";
import { createServer } from "node:net";
import { readFileSync } from "node:fs";
import path from "node:path";
import { once } from "node:events";
import { expect, test } from "vitest";
import type { AudioCodec } from "@/lib/core/audio-codecs";
import { computeWaveform } from "@/lib/media/compute-waveform";
import { inputFormat, transcodingInput } from "@/lib/media/transcoder/input-format";
import { measureConfined } from "@/lib/media/transcoder/measure-confined";
import { runConfined } from "@/lib/media/transcoder/run-confined";
import { confined, transcodingLimits, type Sandbox } from "@/lib/media/transcoder/sandbox-command";
import { transcode, type TranscodingSource } from "@/lib/media/transcoder/transcode";
import { describeTranscoder } from "../../support/transcoder";

const fixture = (name: string) => readFileSync(path.resolve(import.meta.dirname, "../../fixtures/audio", name));

async function* pieces(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += 1000) yield bytes.subarray(at, at + 1000);
}

/** The same bytes, again and again, until the reader leaves. */
async function* endless(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  for (;;) yield bytes;
}

const source = (bytes: Uint8Array, format: string, more: Partial<TranscodingSource> = {}): TranscodingSource => ({
  format: { input: ["-f", format], isSeekable: false },
  channels: 1,
  sizeBytes: bytes.length,
  read: () => pieces(bytes),
  ...more,
});

const gsm = fixture("asterisk22-gsm-4s.gsm");

const never = new AbortController().signal;

await describeTranscoder("a playable copy", (sandbox) => {
  test.each([
    ["asterisk22-wav49-4s.WAV", "wav", 4000],
    ["asterisk22-gsm-4s.gsm", "gsm", 3980],
    ["other-flac.ogg", "ogg", 4000],
  ])("of %s is Ogg Opus as long as the original", async (name, format, durationMs) => {
    const made = await transcode(sandbox, source(fixture(name), format), { signal: never });
    if (made.kind !== "ready") throw new Error(made.reason);
    const read: Uint8Array[] = [];
    for await (const piece of made.spool.read()) read.push(piece);
    const bytes = Buffer.concat(read);
    await made.spool.close();
    expect([bytes.length, bytes.subarray(0, 4).toString(), bytes.includes("OpusHead")]).toEqual([
      made.sizeBytes,
      "OggS",
      true,
    ]);
    expect(Math.abs(made.durationMs - durationMs)).toBeLessThan(50);
    expect(made.sha256).toBe(createHash("sha256").update(bytes).digest("hex"));
  });

  test("is made of a file whose index is at its end, too", async () => {
    const bytes = fixture("other-aac.m4a");
    const format = { input: ["-f", "mov"], isSeekable: true };
    const made = await transcode(sandbox, source(bytes, "", { format }), { signal: never });
    expect(made.kind).toBe("ready");
    if (made.kind === "ready") await made.spool.close();
    const limits = { ...transcodingLimits, seekableBytes: 1000 } as unknown as typeof transcodingLimits;
    expect(await transcode(sandbox, source(bytes, "", { format }), { signal: never, limits })).toEqual({
      kind: "failed",
      reason: "too_large",
    });
  });

  test.each<[string, Uint8Array, string, string]>([
    ["frames that do not decode", fixture("fmt-amr.3gp"), "mov", "duration_differs"],
    ["no bytes", Buffer.alloc(0), "gsm", "no_sound"],
    ["another format than the one that was found", fixture("asterisk22-gsm-4s.gsm"), "wav", "program_failed"],
    ["a playlist", Buffer.from("#EXTM3U\nfile:///etc/passwd\n"), "wav", "program_failed"],
  ])("is not made of %s", async (_, bytes, format, reason) => {
    const isSeekable = format === "mov";
    const made = await transcode(sandbox, source(bytes, format, { format: { input: ["-f", format], isSeekable } }), {
      signal: never,
    });
    expect(made).toEqual({ kind: "failed", reason });
  });

  test("passes on the error of the store, and ends when it is told to", async () => {
    const gone = new Error("the store is gone");
    const read = async function* () {
      yield fixture("asterisk22-gsm-4s.gsm").subarray(0, 330);
      throw gone;
    };
    await expect(transcode(sandbox, source(Buffer.alloc(0), "gsm", { read }), { signal: never })).rejects.toBe(gone);
    const ending = AbortSignal.abort();
    expect(await transcode(sandbox, source(fixture("asterisk22-gsm-4s.gsm"), "gsm"), { signal: ending })).toEqual({
      kind: "failed",
      reason: "aborted",
    });
  });

  const small = (changed: object) => ({ ...transcodingLimits, ...changed }) as unknown as typeof transcodingLimits;

  test.each([
    ["processor time", { cpuSeconds: 1 }, "program_failed"],
    ["wall time", { wallMs: 300 }, "time_limit"],
  ])("of endless input is ended by the limit of %s", async (_, changed, reason) => {
    const read = () => endless(gsm.subarray(0, 6534));
    const made = await transcode(sandbox, source(gsm, "gsm", { read }), {
      signal: never,
      limits: small({ soundSeconds: 1e8, ...changed }),
    });
    expect(made).toEqual({ kind: "failed", reason });
  });

  test("that grows too large is ended", async () => {
    const limits = small({ outputBytes: 2000 });
    expect(await transcode(sandbox, source(gsm, "gsm"), { signal: never, limits })).toEqual({
      kind: "failed",
      reason: "output_limit",
    });
  });
});

const tone = (name: string) => fixture(`../formats/${name}`);

/** A file as the transcoder reads it. */
const ranged = (bytes: Uint8Array) => ({
  sizeBytes: bytes.length,
  read: (from = 0, endInclusive = bytes.length - 1) => pieces(bytes.subarray(from, endInclusive + 1)),
});

const soundOfWav = (wav: Buffer) => {
  const at = wav.indexOf("data");
  return wav.subarray(at + 8, at + 8 + wav.readUInt32LE(at + 4));
};

/** The WAV with this sound instead of its own, under another format code if one is given. */
function wavOf(wav: Buffer, sound: Buffer, code?: number): Buffer {
  const bytes = Buffer.concat([wav.subarray(0, wav.indexOf("data") + 8), sound]);
  bytes.writeUInt32LE(bytes.length - 8, 4);
  bytes.writeUInt32LE(sound.length, wav.indexOf("data") + 4);
  if (code !== undefined) bytes.writeUInt16LE(code, bytes.indexOf("fmt ") + 8);
  return bytes;
}

const [aac, speex] = [tone("aac.wav"), tone("speex.wav")];
const times = (sound: Buffer, count: number) => Buffer.concat(Array.from({ length: count }, () => sound));

await describeTranscoder("a copy of AAC or Speex in a WAV, whose frames nothing separates", (sandbox) => {
  const copyOf = async (bytes: Buffer, codec: "aac" | "speex") => {
    const input = (await transcodingInput("audio/wav", codec, ranged(bytes)))!;
    const made = await transcode(sandbox, { ...input, channels: 1, sizeBytes: bytes.length }, { signal: never });
    if (made.kind === "ready") await made.spool.close();
    return made;
  };

  test.each<[string, Buffer, "aac" | "speex", number]>([
    ["AAC", aac, "aac", 576],
    ["AAC, more than ffmpeg reads at once", wavOf(aac, times(soundOfWav(aac), 1500)), "aac", 864_000],
    ["AAC in ADTS frames", wavOf(aac, times(tone("adts.aac"), 3), 0x1600), "aac", 1728],
    [
      "AAC in ADTS frames, as HE-AAC, which ffmpeg does not know in a WAV",
      wavOf(aac, tone("adts.aac"), 0x1610),
      "aac",
      576,
    ],
    ["Speex", speex, "speex", 460],
  ])("is as long as the sound: %s", async (_, bytes, codec, durationMs) => {
    const made = await copyOf(bytes, codec);
    if (made.kind !== "ready") throw new Error(made.reason);
    expect(Math.abs(made.durationMs - durationMs)).toBeLessThan(30);
  });

  const damaged = times(soundOfWav(aac), 2).fill(0xff, 3000, 3400);

  test.each<[string, Buffer, "aac" | "speex", string]>([
    ["AAC whose last frame is cut", wavOf(aac, soundOfWav(aac).subarray(0, 3000)), "aac", "program_failed"],
    ["AAC with damaged frames", wavOf(aac, damaged), "aac", "program_failed"],
    ["Speex in frames of several sizes", wavOf(speex, soundOfWav(speex).subarray(0, 853)), "speex", "no_sound"],
  ])("is not made of %s", async (_, bytes, codec, reason) => {
    expect(await copyOf(bytes, codec)).toEqual({ kind: "failed", reason });
  });
});

/** What a copy is, read back by the decoders of the portal. */
async function copied(sandbox: Sandbox, bytes: Uint8Array, contentType: string, more: Partial<TranscodingSource>) {
  const format = inputFormat(contentType, "flac")!;
  const made = await transcode(sandbox, source(bytes, "", { format, channels: 2, ...more }), { signal: never });
  if (made.kind !== "ready") return made;
  const { spool, durationMs, sizeBytes } = made;
  const measured = await computeWaveform({ sizeBytes, read: () => spool.read() });
  await spool.close();
  return { kind: made.kind, durationMs, measuredMs: measured.durationMs };
}

await describeTranscoder("a copy of files one behind the other", (sandbox) => {
  const flac = fixture("other-flac.flac");
  const vorbis = fixture("../recorders/asterisk22-vorbis-4s.ogg");

  test.each<[string, Uint8Array, string, number]>([
    ["Opus streams in Ogg", fixture("fmt-opus-chained.opus"), "audio/ogg", 20_000],
    ["Vorbis streams in Ogg", Buffer.concat([vorbis, vorbis]), "audio/ogg", 7960],
    ["FLAC", Buffer.concat([flac, flac]), "audio/flac", 8000],
  ])("is as long as all of them: %s", async (_, bytes, contentType, totalMs) => {
    const whole = await computeWaveform({ sizeBytes: bytes.length, read: () => pieces(bytes) });
    expect(whole).toMatchObject({ kind: "ready", durationMs: totalMs, isJoined: true });
    const made = await copied(sandbox, bytes, contentType, { durationMs: whole.durationMs });
    if (made.kind !== "ready") throw new Error(made.reason);
    expect(Math.abs(made.durationMs - totalMs)).toBeLessThan(100);
    expect(Math.abs(made.measuredMs! - totalMs)).toBeLessThan(100);
  });

  test("is not made where ffmpeg decodes less than the portal did", async () => {
    const made = await copied(sandbox, Buffer.concat([vorbis, vorbis]), "audio/ogg", { durationMs: 12_000 });
    expect(made).toEqual({ kind: "failed", reason: "duration_differs" });
  });
});

await describeTranscoder("the waveform of a codec that the portal does not decode", (sandbox) => {
  const loudest = (waveform: { kind: string; peaks?: Uint8Array }) => Math.max(...(waveform.peaks ?? []));
  const read = (bytes: Uint8Array) => () => pieces(bytes);
  const measured = async (bytes: Uint8Array, contentType: string, codec: AudioCodec) => {
    const input = (await transcodingInput(contentType, codec, ranged(bytes)))!;
    return measureConfined(sandbox, { ...input, channels: null, sizeBytes: bytes.length }, never);
  };

  test("agrees with the sound: as long and as loud as the same tone in PCM", async () => {
    const bytes = tone("pcm-s32.wav");
    const tonic = await computeWaveform({ sizeBytes: bytes.length, read: read(bytes) });
    for (const [name, contentType, codec] of [
      ["aac-index-last.mp4", "audio/mp4", "aac"],
      ["adts.aac", "audio/aac", "aac"],
      ["aac.wav", "audio/wav", "aac"],
      ["speex.wav", "audio/wav", "speex"],
      ["gsm.wav", "audio/wav", "wav49"],
      ["gsm.gsm", "audio/gsm", "gsm"],
      ["adpcm-ima.wav", "audio/wav", "adpcm_ima"],
      ["pcm-s16.au", "audio/basic", "pcm_s16be"],
      ["slin-big-endian.raw", "audio/l16;rate=8000;channels=1;endianness=big-endian", "pcm_s16be"],
    ] as const) {
      const waveform = await measured(tone(name), contentType, codec);
      expect(waveform, name).toMatchObject({ kind: "ready", channels: 1, byteOffsets: null, playbackHead: null });
      // Codecs in blocks pad the last one.
      expect(Math.abs(waveform!.durationMs! - tonic.durationMs!), name).toBeLessThan(130);
      expect(Math.abs(loudest(waveform!) / loudest(tonic) - 1), name).toBeLessThan(0.25);
    }
    // Frames of the right length that hold no tone.
    const amr = await measured(tone("amr.amr"), "audio/amr", "amr_nb");
    expect(amr).toMatchObject({ kind: "ready", durationMs: 460 });
  });

  test("is not drawn of frames that do not decode, and not when the job ends", async () => {
    const broken = fixture("fmt-amr.3gp");
    expect(await measured(broken, "audio/3gpp", "amr_nb")).toMatchObject({ kind: "unavailable" });
    const format = inputFormat("audio/gsm", "gsm")!;
    const ending = { format, channels: null, sizeBytes: gsm.length, read: read(gsm) };
    expect(await measureConfined(sandbox, ending, AbortSignal.abort())).toBeNull();
  });
});

await describeTranscoder("the sandbox", (sandbox) => {
  const run = async (program: string[]) => {
    const output: Buffer[] = [];
    const { end } = await runConfined(confined(sandbox, program), {
      input: pieces(Buffer.alloc(0)),
      onOutput: (piece) => void output.push(piece),
      ...{ outputBytes: 1e6, wallMs: 20_000, signal: never },
    });
    return { end, output: Buffer.concat(output).toString() };
  };
  const shell = (script: string) => run(["/usr/bin/sh", "-c", script]);

  test("ends with what it started, however early it is ended", async () => {
    const begun = new AbortController();
    const parent = ["/bin/sh", "-c", "sleep 600 & echo begun; wait"];
    const early = confined(sandbox, ["/usr/bin/sleep", "600"]);
    const ends = Array.from({ length: 30 }, (_, number) =>
      runConfined(number === 0 ? parent : early, {
        input: pieces(Buffer.alloc(0)),
        onOutput: () => begun.abort(),
        ...{ outputBytes: 1e6, wallMs: 900_000 },
        signal: number === 0 ? begun.signal : AbortSignal.timeout(number),
      }),
    );
    expect((await Promise.all(ends)).map(({ end }) => end)).toEqual(ends.map(() => "aborted"));
  });

  test("has no file of this machine but its programs", async () => {
    const { output } = await shell("ls /; cat /etc/passwd || echo none; ls /home /root /proc /tmp || echo none");
    expect(output.split("\n")).toEqual(expect.arrayContaining(["usr", "none"]));
    expect(output).not.toMatch(/root:|home|proc|tmp/);
    // A process of this machine can read it: the check could fail.
    expect(readFileSync("/etc/passwd", "utf8")).toContain("root:");
  });

  test("writes nowhere and has no environment of the portal", async () => {
    const { output } = await shell("for f in /x /dev/shm/x /usr/x; do echo x > $f && echo wrote $f; done; env");
    expect(output).not.toContain("wrote");
    expect(
      output
        .trim()
        .split("\n")
        .map((line) => line.split("=")[0])
        .toSorted(),
    ).toEqual(["PATH", "PWD"]);
  });

  test("is not root and gains no right", async () => {
    expect((await shell("id -u")).output.trim()).toBe(String(process.getuid?.() === 0 ? 65534 : process.getuid?.()));
  });

  test("reaches no network", async () => {
    let connections = 0;
    const server = createServer(() => (connections += 1)).listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as { port: number };
    const script = `use IO::Socket::INET; my $address = "127.0.0.1:" . shift;
      print IO::Socket::INET->new(PeerAddr => $address, Timeout => 2) ? "connected" : "none"`;
    const connect = ["/usr/bin/perl", "-e", script, String(port)];
    expect((await run(connect)).output).toBe("none");
    expect(connections).toBe(0);
    // Outside, the same program reaches it.
    expect(spawnSync(connect[0]!, connect.slice(1)).stdout.toString()).toBe("connected");
    server.close();
  });

  test("has little memory", async () => {
    const take = (bytes: number) =>
      shell(`head -c ${bytes} /dev/zero | /usr/bin/perl -e 'read STDIN, $x, ${bytes}; print length $x'`);
    expect((await take(1e8)).output).toBe("100000000");
    expect((await take(8e8)).output).toBe("");
  });
});
