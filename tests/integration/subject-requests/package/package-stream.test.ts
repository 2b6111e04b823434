import { createWriteStream, existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { ReadableStream as WebStream } from "node:stream/web";
import { parse } from "csv-parse/sync";
import { describe, expect, test } from "vitest";
import { readPublicKeys } from "@/lib/audit/signing-keys";
import { manifestProblem } from "@/lib/subject-requests/package/manifest";
import { packageStream } from "@/lib/subject-requests/package/package-stream";
import { planPackage } from "@/lib/subject-requests/package/package-plan";
import { vconDraft, vconSchema } from "@/lib/subject-requests/package/vcon-schema";
import { audio as fixture } from "../../../support/audio-fixtures";
import { audioOf, contentOf, key, keys, recording, run, unpacked, written } from "./packages";
import { isThorough } from "../../../support/seeds";

const wav = fixture("call-04-wav-pcm-mono.wav").bytes;
const opus = fixture("call-26-ogg-opus-stereo.opus").bytes;

function twoCalls() {
  const sources = [audioOf(wav), audioOf(opus, "audio/ogg", 777), audioOf(wav)];
  const [first, second, third] = sources.map(({ audio }) => audio);
  const own = { ...second!, form: "subject_channel" as const, channels: 2, subjectChannel: 1 };
  const calls = [
    { id: "call-1", recordings: [recording({ audio: first! }), recording({ audio: own, number: null })] },
    { id: "call-2", recordings: [recording({ audio: third!, queue: "=SOMA(A1)" }), recording()] },
  ];
  return { sources, calls };
}

const read = (folder: string, name: string) => readFileSync(path.join(folder, name), "utf8");

describe("a package", () => {
  test("opens with stock unzip; its manifest with sha256sum, and its audio with ffprobe", async () => {
    const { calls, sources } = twoCalls();
    const folder = await unpacked(await written(contentOf(calls)));
    expect(readdirSync(folder).toSorted()).toEqual([
      ...["LEIA-ME.txt", "carta.pdf", "chamadas.csv", "chamadas.json", "gravacoes"],
      ...["manifesto-assinatura.json", "manifesto-sha256.txt"],
    ]);
    expect(readdirSync(path.join(folder, "gravacoes")).toSorted()).toEqual([
      ...["2026-03-01_14-05_03.ogg", "2026-03-01_14-05_03.wav", "2026-03-01_14-05_03_2.wav"],
    ]);
    expect(readFileSync(path.join(folder, "gravacoes/2026-03-01_14-05_03.wav")).equals(wav)).toBe(true);
    const { stdout } = await run("sha256sum", ["--strict", "-c", "manifesto-sha256.txt"], { cwd: folder });
    expect(stdout.trim().split("\n").length).toBe(7);
    const probe = ["-v", "error", "-show_entries", "format=format_name", "-of", "csv=p=0"];
    const probed = await run("ffprobe", [...probe, path.join(folder, "gravacoes/2026-03-01_14-05_03.ogg")]);
    expect(probed.stdout.trim()).toBe("ogg");
    expect(sources.map(({ reading }) => reading)).toEqual(sources.map(() => ({ open: 1, closed: 1 })));
  });

  test("is signed by the installation's key, which the public key alone verifies", async () => {
    const folder = await unpacked(await written(contentOf(twoCalls().calls)));
    const [manifest, signature] = [read(folder, "manifesto-sha256.txt"), read(folder, "manifesto-assinatura.json")];
    expect(manifestProblem(manifest, signature, keys)).toBeNull();
    const pem = key.publicKey.export({ type: "spki", format: "pem" }) as string;
    expect(manifestProblem(manifest, signature, readPublicKeys(pem))).toBeNull();
    expect(manifestProblem(manifest.replace("carta", "outra"), signature, keys)).toMatch("not the one");
    expect(manifestProblem(manifest, signature.replace('"parts":1', '"parts":2'), keys)).toMatch("not valid");
    expect(manifestProblem(manifest, signature, new Map())).toMatch("no public key");
    expect(manifestProblem(manifest, "{}", keys)).toMatch("cannot be read");
  });

  test("lists the calls for Excel in Portuguese and for programs", async () => {
    const folder = await unpacked(await written(contentOf(twoCalls().calls)));
    const csv = read(folder, "chamadas.csv");
    expect([csv.startsWith("\uFEFFData e hora;"), csv.split("\r\n").length, csv.includes("\n\n")]).toEqual([
      ...[true, 6, false],
    ]);
    const rows = parse(csv, { bom: true, delimiter: ";", columns: true }) as Record<string, string>[];
    expect(rows[0]).toMatchObject({
      ...{ "Data e hora": "01/03/2026 14:05:03", "Fuso horário": "America/Sao_Paulo", Duração: "0:03:07" },
      ...{ Sentido: "recebida", Unidade: "Suporte; São Paulo", "Seu número": "(11) 98765-4321" },
      ...{ Protocolo: "000123", "Conservada até": "01/03/2027", Arquivo: "gravacoes/2026-03-01_14-05_03.wav" },
    });
    expect(rows.map((row) => [row.Fila, row.Áudio])).toEqual([
      ["", "inteiro"],
      ["", "somente o seu canal"],
      ["'=SOMA(A1)", "inteiro"],
      ["", "não incluído"],
    ]);
    const listed = JSON.parse(read(folder, "chamadas.json")) as { call: string; recordings: { audio: unknown }[] }[];
    expect(listed.map(({ call, recordings }) => [call, recordings.length])).toEqual([
      ["call-1", 2],
      ["call-2", 2],
    ]);
    expect(listed[1]!.recordings[1]!.audio).toBeNull();
  });

  test("has no personal data in its names, in either language, and none but data without audio", async () => {
    const content = contentOf([{ id: "c", recordings: [recording()] }], { locale: "en", letter: null });
    const file = await written(content);
    const { stdout } = await run("unzip", ["-Z1", file]);
    expect(stdout.trim().split("\n")).toEqual([
      ...["README.txt", "calls.csv", "calls.json", "manifest-sha256.txt", "manifest-signature.json"],
    ]);
    await unpacked(await written(contentOf([], { letter: null })));
  });

  test("has one vCon for each call, as the draft says, with the audio in it", async () => {
    const { calls } = twoCalls();
    const folder = await unpacked(await written(contentOf(calls, { hasVcons: true })));
    expect(read(folder, "LEIA-ME.txt")).toContain(vconDraft);
    const names = readdirSync(path.join(folder, "vcon")).toSorted();
    expect(names).toEqual(["2026-03-01_14-05_03.vcon.json", "2026-03-01_14-05_03_2.vcon.json"]);
    const [first, second] = names.map((name) => vconSchema.parse(JSON.parse(read(folder, `vcon/${name}`))));
    expect(first).toMatchObject({
      parties: [{ tel: "tel:+5511987654321" }, { name: "Empresa de Teste S.A." }],
      dialog: [
        { parties: [null], duration: 187, originator: 0, filename: "gravacoes/2026-03-01_14-05_03.wav" },
        { parties: [null, 0], mediatype: "audio/ogg" },
      ],
    });
    const bodies = first!.dialog.map((dialog) => Buffer.from("body" in dialog ? dialog.body : "", "base64url"));
    expect([bodies[0]!.equals(wav), bodies[1]!.equals(opus)]).toEqual([true, true]);
    expect([second!.dialog.length, second!.uuid === first!.uuid]).toEqual([1, false]);
    const again = await unpacked(await written(contentOf(calls, { hasVcons: true })));
    expect(read(again, `vcon/${names[0]}`)).toBe(read(folder, `vcon/${names[0]}`));
    await run("sha256sum", ["--strict", "-c", "manifesto-sha256.txt"], { cwd: folder });
  });
});

describe("a package that breaks", () => {
  const broken = [
    ["another content than was stored", (bytes: Buffer) => Buffer.concat([bytes.subarray(0, -1), Buffer.from([1])])],
    ["less than was stored", (bytes: Buffer) => bytes.subarray(0, -2)],
    ["more than was stored", (bytes: Buffer) => Buffer.concat([bytes, Buffer.from([0])])],
  ] as const;

  async function writtenBroken(open: () => AsyncIterable<Uint8Array>, hasVcons = false) {
    const last = { ...audioOf(wav).audio, open };
    const calls = [
      { id: "a", recordings: [recording({ audio: audioOf(wav).audio })] },
      { id: "b", recordings: [recording({ audio: last })] },
      { id: "c", recordings: [recording({ audio: audioOf(wav).audio })] },
    ];
    const content = contentOf(calls, { hasVcons });
    const file = await written(contentOf([]));
    const stream = packageStream(content, { plan: await planPackage(content), part: 1, key });
    const writing = pipeline(Readable.fromWeb(stream as unknown as WebStream<Uint8Array>), createWriteStream(file));
    await expect(writing).rejects.toThrow();
    return file;
  }

  test.each(broken)("by audio with %s: no unzip accepts it", async (_, change) => {
    const file = await writtenBroken(audioOf(change(Buffer.from(wav))).audio.open);
    expect(existsSync(file)).toBe(true);
    await expect(run("unzip", ["-tq", file])).rejects.toMatchObject({ code: 9 });
  });

  test("by a source that fails: no unzip accepts it, also of the second reading", async () => {
    let readings = 0;
    async function* failing() {
      readings += 1;
      yield wav.subarray(0, 4000);
      if (readings > 1) throw new Error("the store went away");
      yield wav.subarray(4000);
    }
    await expect(run("unzip", ["-tq", await writtenBroken(failing, true)])).rejects.toMatchObject({ code: 9 });
    expect(readings).toBe(2);
  });

  test("closes every source when its reader leaves, wherever that is, and opens no more", async () => {
    for (let after = 0; after < 60; after += 3) {
      const { calls, sources } = twoCalls();
      let walks = 0;
      const content = contentOf(calls, {
        hasVcons: true,
        async *calls() {
          walks += 1;
          try {
            yield* calls;
          } finally {
            walks -= 1;
          }
        },
      });
      const stream = packageStream(content, { plan: await planPackage(content), part: 1, key });
      const reader = stream.getReader();
      for (let piece = 0; piece < after; piece += 1) await reader.read();
      await reader.cancel();
      for (const { reading } of sources) expect(reading.closed).toBe(reading.open);
      expect(walks).toBe(0);
      expect(sources.reduce((sum, { reading }) => sum + reading.open, 0)).toBeLessThan(4);
    }
  });

  test("is written no faster than it is read", async () => {
    const source = audioOf(Buffer.alloc(3_000_000, 7), "audio/wav", 10_000);
    let pieces = 0;
    const audio = {
      ...source.audio,
      async *open() {
        for await (const piece of source.audio.open()) {
          pieces += 1;
          yield piece;
        }
      },
    };
    const content = contentOf([{ id: "c", recordings: [recording({ audio })] }]);
    const reader = packageStream(content, { plan: await planPackage(content), part: 1, key }).getReader();
    for (let read = 0; read < 40; read += 1) await reader.read();
    expect(pieces).toBeLessThan(60);
    await reader.cancel();
  });
});

test.runIf(isThorough)("66,000 entries are two ZIPs that unpack in one place", async () => {
  const { audio } = audioOf(Buffer.from("x"));
  const call = { id: "c", recordings: [recording({ audio })] };
  const calls = Array.from({ length: 65_996 }, () => call);
  const content = contentOf(calls);
  const plan = await planPackage(content);
  expect(plan).toEqual([
    { firstCall: 0, calls: 65_529 },
    { firstCall: 65_529, calls: 467 },
  ]);
  const [first, second] = [await written(content, 1, plan), await written(content, 2, plan)];
  for (const file of [first, second]) await run("unzip", ["-tq", file], { maxBuffer: 1e9 });
  const names = async (file: string) =>
    (await run("unzip", ["-Z1", file], { maxBuffer: 1e9 })).stdout.trim().split("\n");
  const [ofFirst, ofSecond] = [await names(first), await names(second)];
  expect([ofFirst.length, ofSecond.length]).toEqual([65_535, 472]);
  expect(new Set([...ofFirst, ...ofSecond]).size).toBe(ofFirst.length + ofSecond.length);
});
