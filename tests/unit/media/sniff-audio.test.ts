import { describe, expect, it } from "vitest";
import type { AudioCodec } from "@/lib/core/audio-codecs";
import type { RefusedForm } from "@/lib/core/refused-forms";
import { fixture, sniff, sniffCounted, sniffHead } from "./sniffed-files";
import {
  concat,
  fixtureBytes,
  fixtureCalls,
  fixtureLike,
  littleEndian,
  mp4,
  noise,
  oggPage,
  opusHead,
  pngBytes,
  text,
  wav,
} from "./audio-samples";

const codecs = { "wav-pcm": "pcm_s16le", "wav-alaw": "alaw", "wav-mulaw": "mulaw", mp3: "mp3", "ogg-opus": "opus" };
const codecOf = (file: string) => Object.entries(codecs).find(([part]) => file.includes(`-${part}-`))![1];
const firstPage = (packet: Uint8Array) => oggPage([packet], { flags: 2, granule: 0n, sequence: 0 });
const id3 = (bodySize: number) =>
  concat(
    text("ID3"),
    Uint8Array.of(3, 0, 0, 0, (bodySize >> 14) & 127, (bodySize >> 7) & 127, bodySize & 127),
    text("TIT2"),
    new Uint8Array(bodySize - 4),
  );

describe("sniffAudio names container and codec by the bytes", () => {
  it.each(fixtureCalls)("$file", async ({ file, contentType, channels }) => {
    const bytes = fixtureBytes(file);
    const sampleRate = file.includes("opus") ? 48_000 : 8_000;
    const expected = { contentType, codec: codecOf(file), channels, sampleRate };
    expect(await sniff(bytes)).toMatchObject(expected);
    expect(await sniffHead(bytes)).toMatchObject(expected);
  });

  it.each<[file: string, contentType: string, codec: AudioCodec, channels: number | null, sampleRate: number | null]>([
    ["recorders/asterisk22-wav49-4s.WAV", "audio/wav", "wav49", 1, 8_000],
    ["recorders/asterisk22-wav16-1.5s.wav16", "audio/wav", "pcm_s16le", 1, 16_000],
    ["recorders/asterisk22-killed-sizes-zero.wav", "audio/wav", "pcm_s16le", 1, 8_000],
    ["recorders/asterisk22-silent-call-44-bytes.wav", "audio/wav", "pcm_s16le", 1, 8_000],
    ["recorders/asterisk22-silent-call-no-samples.ogg", "audio/ogg", "vorbis", 1, 8_000],
    ["recorders/asterisk22-vorbis-4s.ogg", "audio/ogg", "vorbis", 1, 8_000],
    ["recorders/asterisk22-vorbis-cut-no-eos.ogg", "audio/ogg", "vorbis", 1, 8_000],
    ["recorders/asterisk22-opus-4s.opus", "audio/ogg", "opus", 1, 48_000],
    ["recorders/fmt-opus-chained.opus", "audio/ogg", "opus", 1, 48_000],
    ["recorders/fmt-mp3-vbr-no-xing-8k.mp3", "audio/mpeg", "mp3", 1, 8_000],
    ["recorders/fmt-rf64-3s.wav", "audio/wav", "pcm_s16le", 1, 8_000],
    ["recorders/fmt-wav-sizes-zero-3s.wav", "audio/wav", "pcm_s16le", 1, 8_000],
    ["recorders/fmt-wav-mp3.wav", "audio/wav", "mp3", 1, 8_000],
    ["recorders/fmt-amr.3gp", "audio/3gpp", "amr_nb", 1, 8_000],
    ["formats/pcm-u8.wav", "audio/wav", "pcm_u8", 1, 8_000],
    ["formats/pcm-s24.wav", "audio/wav", "pcm_s24le", 1, 8_000],
    ["formats/pcm-s32.wav", "audio/wav", "pcm_s32le", 1, 8_000],
    ["formats/pcm-f32.wav", "audio/wav", "pcm_f32le", 1, 8_000],
    ["formats/pcm-f64.wav", "audio/wav", "pcm_f64le", 1, 8_000],
    ["formats/gsm.wav", "audio/wav", "wav49", 1, 8_000],
    ["formats/adpcm-ms.wav", "audio/wav", "adpcm_ms", 1, 8_000],
    ["formats/adpcm-ima.wav", "audio/wav", "adpcm_ima", 1, 8_000],
    ["formats/g722.wav", "audio/wav", "g722", 1, 16_000],
    ["formats/g723.wav", "audio/wav", "g723", 1, 8_000],
    ["formats/g726.wav", "audio/wav", "g726", 1, 8_000],
    ["formats/speex.wav", "audio/wav", "speex", 1, 8_000],
    ["formats/aac.wav", "audio/wav", "aac", 1, 16_000],
    ["formats/wma.wav", "audio/wav", "wma", 1, 16_000],
    ["formats/mulaw.au", "audio/basic", "mulaw", 1, 8_000],
    ["formats/alaw.au", "audio/basic", "alaw", 1, 8_000],
    ["formats/pcm-s16.au", "audio/basic", "pcm_s16be", 1, 8_000],
    ["formats/amr.amr", "audio/amr", "amr_nb", 1, 8_000],
    ["formats/adts.aac", "audio/aac", "aac", 1, 16_000],
    ["formats/aac-index-first.mp4", "audio/mp4", "aac", 1, 16_000],
    ["formats/aac-index-last.mp4", "audio/mp4", "aac", 1, 16_000],
    ["formats/aac.3gp", "audio/3gpp", "aac", 1, 16_000],
    ["formats/alac.m4a", "audio/mp4", "alac", 1, 16_000],
    ["formats/mp3.mp4", "audio/mp4", "mp3", 2, 16_000],
    ["formats/flac.mp4", "audio/mp4", "flac", 1, 16_000],
    ["formats/opus.mp4", "audio/mp4", "opus", 1, 48_000],
    ["formats/opus-fragmented.mp4", "audio/mp4", "opus", 1, 48_000],
    ["formats/opus.webm", "audio/webm", "opus", 1, 48_000],
    ["formats/vorbis.webm", "audio/webm", "vorbis", 1, 16_000],
    ["formats/opus.oga", "audio/ogg", "opus", 1, 48_000],
    ["formats/speex.spx", "audio/ogg", "speex", 1, 8_000],
    ["formats/layer2.mp2", "audio/mpeg", "mp2", 1, 16_000],
    ["formats/bare.mp3", "audio/mpeg", "mp3", 1, 8_000],
    ["formats/tagged.mp3", "audio/mpeg", "mp3", 1, 8_000],
    ["audio/other-aac.m4a", "audio/mp4", "aac", 2, 16_000],
    ["audio/other-flac.flac", "audio/flac", "flac", 2, 16_000],
    ["audio/other-flac.ogg", "audio/ogg", "flac", 2, 16_000],
    ["audio/other-vorbis.ogg", "audio/ogg", "vorbis", 2, 16_000],
  ])("%s", async (file, contentType, codec, channels, sampleRate) => {
    expect(await sniff(fixture(file))).toMatchObject({ contentType, codec, channels, sampleRate });
  });

  it.each<[string, Uint8Array, AudioCodec]>([
    ["24-bit PCM, extensible", wav(new Uint8Array(6), { bits: 24, extensible: true }), "pcm_s24le"],
    ["A-law, extensible", wav(new Uint8Array(6), { code: 6, bits: 8, extensible: true }), "alaw"],
    ["float", wav(new Uint8Array(8), { code: 3, bits: 32 }), "pcm_f32le"],
    [
      "a chunk before the format",
      wav(new Uint8Array(2), { before: concat(text("bext"), littleEndian(3, 4), new Uint8Array(4)) }),
      "pcm_s16le",
    ],
    [
      "a chunk larger than the head before the format",
      wav(new Uint8Array(2), { before: concat(text("bext"), littleEndian(200_000, 4), new Uint8Array(200_000)) }),
      "pcm_s16le",
    ],
    ["G.729", wav(new Uint8Array(10), { code: 0x83, bits: 0 }), "g729"],
    ["AMR", wav(new Uint8Array(65), { code: 0x57, bits: 0 }), "amr_nb"],
    ["a format that no table has", wav(new Uint8Array(65), { code: 0x7777, bits: 0 }), "other"],
    ["PCM of an odd size", wav(new Uint8Array(6), { bits: 12 }), "other"],
  ])("WAV with %s", async (_, bytes, codec) => {
    expect(await sniff(bytes)).toMatchObject({ contentType: "audio/wav", codec });
  });

  it("AMR-WB, and AMR of several channels", async () => {
    expect(await sniff(concat(text("#!AMR-WB\n"), noise(60)))).toMatchObject({
      contentType: "audio/amr-wb",
      codec: "amr_wb",
      sampleRate: 16_000,
    });
    expect(await sniff(concat(text("#!AMR_MC1.0\n"), Uint8Array.of(0, 0, 0, 2), noise(60)))).toMatchObject({
      contentType: "audio/amr",
      channels: 2,
    });
  });
});

describe("sniffAudio finds MPEG frames", () => {
  const mp3 = fixtureBytes(fixtureLike("mp3").file);
  const bare = fixture("formats/bare.mp3");
  const adts = fixture("formats/adts.aac");
  const expected = { contentType: "audio/mpeg", codec: "mp3" };

  it("behind a tag, several tags, zero padding, and a tag larger than the head", async () => {
    for (const bytes of [
      concat(id3(500), mp3),
      concat(id3(500), new Uint8Array(100), mp3),
      concat(id3(500), id3(300), mp3),
      concat(id3(100_000), mp3),
      concat(id3(100_000), id3(100_000), mp3),
    ])
      expect(await sniff(bytes)).toMatchObject({ ...expected, sampleRate: 8_000 });
    // A tag that fills all that is known is the evidence.
    expect(await sniffHead(concat(id3(100_000), mp3))).toMatchObject(expected);
  });

  it("behind junk", async () => {
    expect(await sniff(concat(noise(3000), bare))).toMatchObject(expected);
    expect(await sniff(concat(noise(3000), adts))).toMatchObject({ contentType: "audio/aac" });
  });

  it("one alone, if it is all of the file but for tags", async () => {
    // 16 kbit/s at 8 kHz: 144 bytes a frame.
    const frame = bare.subarray(0, 144);
    expect(await sniff(frame)).toMatchObject(expected);
    expect(await sniff(concat(id3(20), frame))).toMatchObject(expected);
    expect(await sniff(concat(frame, text("TAG"), new Uint8Array(125)))).toMatchObject(expected);
    expect(await sniff(frame.subarray(0, 143))).toBe("unknown");
    expect(await sniff(concat(frame, noise(30)))).toBe("unknown");
    expect(await sniff(concat(noise(50), frame))).toBe("unknown");
  });

  it("of AAC behind a tag", async () => {
    expect(await sniff(concat(id3(60), adts))).toMatchObject({ contentType: "audio/aac", codec: "aac" });
  });

  it("not in a file that has another signature", async () => {
    expect(await sniff(concat(text("PK\x03\x04"), noise(30), bare))).toBe("archive");
    expect(await sniff(concat(text("<html><script>alert(1)</script>"), bare))).toBe("html");
  });
});

describe("sniffAudio finds the index of an MP4 that lies behind the sound", () => {
  const withSound = (bytes: Uint8Array, soundBytes: number) => {
    const moov = Buffer.from(bytes).indexOf("moov") - 4;
    const mdat = concat(littleEndian(soundBytes + 8, 4).reverse(), text("mdat"), new Uint8Array(soundBytes));
    return concat(bytes.subarray(0, moov), mdat, bytes.subarray(moov));
  };
  const isom = fixture("formats/aac-index-last.mp4");

  it("with one small read", async () => {
    const { found, reads } = await sniffCounted(withSound(isom, 5_000_000));
    expect(found).toMatchObject({ contentType: "audio/mp4", codec: "aac", sampleRate: 16_000 });
    expect(reads).toHaveLength(1);
    expect(reads[0]!.count).toBeLessThanOrEqual(16 * 1024);
  });

  it("behind many boxes, and after a bounded number of reads not at all", async () => {
    const far = withSound(isom, 100_000);
    const parts = (count: number) =>
      Array.from({ length: count }, () => concat(littleEndian(100_008, 4).reverse(), text("free"), noise(100_000)));
    const start = Buffer.from(far).indexOf("mdat") - 4;
    const file = (count: number) => concat(far.subarray(0, start), ...parts(count), far.subarray(start));
    expect(await sniff(file(10))).toMatchObject({ codec: "aac" });
    const { found, reads } = await sniffCounted(file(60));
    expect(found).toBe("no_sound_track");
    expect(reads.length).toBeLessThanOrEqual(20);
  });

  it("and refuses a film whose index lies there", async () => {
    expect(await sniff(withSound(fixture("formats/refused-film.mp4"), 200_000))).toBe("video");
  });

  it("or that a killed recorder never wrote, under a brand of sound alone", async () => {
    const cut = (brand: string) => withSound(mp4(brand, ["soun"]), 100_000).subarray(0, 90_000);
    expect(await sniff(cut("M4A "))).toMatchObject({ contentType: "audio/mp4", codec: "other" });
    expect(await sniff(cut("isom"))).toBe("no_sound_track");
    // A stream: the index may come.
    expect(await sniffHead(withSound(isom, 100_000))).toMatchObject({ contentType: "audio/mp4", codec: "other" });
  });
});

describe("sniffAudio tells the size of a WAV's sound, stated and real", () => {
  const extent = async (bytes: Uint8Array) => {
    const found = await sniff(bytes);
    return typeof found === "string" ? found : found.wav;
  };

  it.each<[string, Uint8Array, number | null, number]>([
    ["right", wav(new Uint8Array(100)), 100, 100],
    ["empty", fixture("recorders/asterisk22-silent-call-44-bytes.wav"), 0, 0],
    ["0, of a killed recorder", fixture("recorders/asterisk22-killed-sizes-zero.wav"), null, 32_768],
    ["the largest signed number", wav(new Uint8Array(100), { claimedSize: 0x7fffffff }), null, 100],
    ["the largest number", wav(new Uint8Array(100), { claimedSize: 0xffffffff }), null, 100],
    ["SoX's for a pipe", wav(new Uint8Array(100), { claimedSize: 0x7ffff000 }), null, 100],
    ["two thousand million", wav(new Uint8Array(100), { claimedSize: 2_000_000_000 }), null, 100],
    ["the size of the file, as Janus writes it", wav(new Uint8Array(100), { claimedSize: 144 }), null, 100],
    ["of a file that was cut", wav(new Uint8Array(100), { claimedSize: 5000 }), 5000, 100],
    ["of a file with more behind it", concat(wav(new Uint8Array(100)), noise(30)), 100, 130],
  ])("%s", async (_, bytes, statedBytes, realBytes) => {
    expect(await extent(bytes)).toEqual({ form: "RIFF", dataOffset: 44, statedBytes, realBytes });
  });

  it("of RF64 in its own chunk", async () => {
    expect(await extent(fixture("recorders/fmt-rf64-3s.wav"))).toMatchObject({ form: "RF64", statedBytes: 48_000 });
  });
});

describe("sniffAudio names what it refuses", () => {
  it.each<[string, Uint8Array, RefusedForm]>([
    ["nothing", new Uint8Array(0), "unknown"],
    ["HTML", text("<!doctype html><html><body>olá</body></html>"), "html"],
    ["an SVG with a mark", text("\ufeff <svg xmlns='http://www.w3.org/2000/svg'></svg>"), "html"],
    ["HTML after an ID3 tag", concat(id3(200), text("<html>"), new Uint8Array(500)), "unknown"],
    ["a PNG", pngBytes, "image"],
    ["a ZIP", concat(text("PK\x03\x04"), noise(500)), "archive"],
    ["a PDF", text("%PDF-1.7\n%âãÏÓ\n1 0 obj"), "document"],
    ["a script", text("#!/bin/sh\necho"), "executable"],
    ["a Windows program", concat(text("MZ"), new Uint8Array(58), littleEndian(64, 4), text("PE\0\0")), "executable"],
    ["text", text("Central de atendimento, bom dia.\n".repeat(40)), "text"],
    [
      "UTF-16 text, whose mark resembles a sync",
      concat(
        Uint8Array.of(0xff, 0xfe),
        new Uint8Array(Buffer.from("gravação de um atendimento ".repeat(9), "utf16le")),
      ),
      "text",
    ],
    ["a JPEG", concat(Uint8Array.of(0xff, 0xd8, 0xff, 0xe0, 0, 16), text("JFIF\0"), noise(500)), "image"],
    ["MIDI", concat(text("MThd"), Uint8Array.of(0, 0, 0, 6, 0, 1, 0, 2), noise(50)), "midi"],
    ["a recording of Janus", concat(text("MJR00002"), Uint8Array.of(0, 60), text('{"t":"a","c":"opus"}')), "janus_mjr"],
    ["an older one", concat(text("MEETECHO"), Uint8Array.of(0, 5), text("audio")), "janus_mjr"],
    ["a packet capture", concat(Uint8Array.of(0xd4, 0xc3, 0xb2, 0xa1), noise(50)), "packet_capture"],
    ["AIFF", fixture("formats/refused-aiff.aiff"), "aiff"],
    ["CAF", fixture("formats/refused-caf.caf"), "caf"],
    ["Wave64", fixture("formats/refused-wave64.w64"), "wave64"],
    ["WavPack", fixture("formats/refused-wavpack.wv"), "lossless"],
    ["Windows Media", fixture("formats/refused-windows-media.wma"), "windows_media"],
    ["Matroska", fixture("formats/refused-matroska.mka"), "matroska"],
    ["an MP4 film", fixture("formats/refused-film.mp4"), "video"],
    ["a WebM film", fixture("formats/refused-film.webm"), "video"],
    ["an Ogg film", fixture("formats/refused-film.ogv"), "video"],
    ["an AVI film", fixture("formats/refused-film.avi"), "video"],
    ["an MPEG film", fixture("formats/refused-film.m2ts"), "video"],
    ["random bytes", noise(4096), "unknown"],
    ["four bytes of RIFF", text("RIFF"), "riff"],
    [
      "a WAVE without a format",
      concat(text("RIFF"), littleEndian(900, 4), text("WAVEdata"), littleEndian(800, 4), noise(100)),
      "no_format",
    ],
    ["a WAVE of no channels", wav(new Uint8Array(4), { channels: 0 }), "no_format"],
    ["a film under an audio brand", mp4("M4A ", ["soun", "vide"]), "video"],
    ["an MP4 without tracks", mp4("isom", []), "no_sound_track"],
    ["a picture of a telephone", mp4("heic", []), "image"],
    [
      "an Ogg film with Opus",
      concat(firstPage(concat(Uint8Array.of(0x80), text("theora"), new Uint8Array(35))), firstPage(opusHead(1))),
      "video",
    ],
    ["two Ogg streams at once", concat(firstPage(opusHead(1)), firstPage(opusHead(1))), "several_tracks"],
    ["an Ogg of unknown content", firstPage(text("Future  1.2")), "unknown"],
    ["the word fLaC", text("fLaC é um formato de áudio sem perdas, e isto é só texto."), "text"],
    ["one ADTS header", concat(Uint8Array.of(0xff, 0xf1, 0x50, 0x80), noise(300)), "unknown"],
    ["sound without a header, and nothing declared", fixture("formats/mulaw.ulaw"), "unknown"],
  ])("%s", async (_, bytes, form) => {
    expect(await sniff(bytes)).toBe(form);
  });
});
