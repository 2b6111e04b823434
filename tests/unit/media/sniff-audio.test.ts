import { describe, expect, it } from "vitest";
import { canonicalAudioType, matchesDeclaredType } from "@/lib/core/accepted-audio-types";
import { SNIFF_HEAD_BYTES, sniffAudio } from "@/lib/media/sniff-audio";
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
const sniffHead = (bytes: Uint8Array) => sniffAudio(bytes.subarray(0, SNIFF_HEAD_BYTES));
const firstPage = (packet: Uint8Array) => oggPage([packet], { flags: 2, granule: 0n, sequence: 0 });
const id3 = (bodySize: number) =>
  concat(
    text("ID3"),
    Uint8Array.of(3, 0, 0, 0, (bodySize >> 14) & 127, (bodySize >> 7) & 127, bodySize & 127),
    text("TIT2"),
    new Uint8Array(bodySize - 4),
  );

describe("sniffAudio recognises audio by its bytes", () => {
  it.each(fixtureCalls)("$file", ({ file, contentType }) => {
    expect(sniffHead(fixtureBytes(file))).toMatchObject({ contentType, codec: codecOf(file) });
  });

  it.each([
    ["24-bit PCM, extensible", wav(new Uint8Array(6), { bits: 24, extensible: true }), "pcm_s24le"],
    ["A-law, extensible", wav(new Uint8Array(6), { code: 6, bits: 8, extensible: true }), "alaw"],
    ["float", wav(new Uint8Array(8), { code: 3, bits: 32 }), "pcm_f32le"],
    [
      "a chunk before the format",
      wav(new Uint8Array(2), { before: concat(text("bext"), littleEndian(3, 4), new Uint8Array(4)) }),
      "pcm_s16le",
    ],
    ["GSM", wav(new Uint8Array(65), { code: 0x31, bits: 0 }), "wav49"],
    ["G.722", wav(new Uint8Array(65), { code: 0x28f, bits: 0 }), "g722"],
    ["a format that no table has", wav(new Uint8Array(65), { code: 0x7777, bits: 0 }), "other"],
    ["PCM of an odd size", wav(new Uint8Array(6), { bits: 12 }), "other"],
  ])("WAV with %s", (_, bytes, codec) => {
    expect(sniffAudio(bytes)).toMatchObject({ contentType: "audio/wav", codec });
  });

  it("MP3 behind a tag, zero padding, and a tag larger than the head", () => {
    const mp3 = fixtureBytes(fixtureLike("mp3").file);
    const expected = { contentType: "audio/mpeg", codec: "mp3" };
    expect(sniffHead(concat(id3(500), mp3))).toMatchObject(expected);
    expect(sniffHead(concat(id3(500), new Uint8Array(100), mp3))).toMatchObject(expected);
    expect(sniffHead(concat(id3(100_000), mp3))).toMatchObject(expected);
  });

  it("FLAC, Ogg Vorbis, Ogg FLAC and MP4 sound", () => {
    expect(sniffAudio(concat(text("fLaC"), Uint8Array.of(0, 0, 0, 34), new Uint8Array(34)))).toMatchObject({
      contentType: "audio/flac",
      codec: "flac",
    });
    expect(sniffAudio(firstPage(concat(text("\x01vorbis"), new Uint8Array(23))))).toMatchObject({
      contentType: "audio/ogg",
      codec: "vorbis",
    });
    expect(sniffAudio(firstPage(concat(text("\x7fFLAC"), new Uint8Array(44))))).toMatchObject({
      contentType: "audio/ogg",
      codec: "flac",
    });
    expect(sniffAudio(mp4("M4A ", []))).toMatchObject({ contentType: "audio/mp4", codec: "aac" });
    expect(sniffAudio(mp4("mp42", ["soun"]))).toMatchObject({ contentType: "audio/mp4", codec: "aac" });
  });
});

describe("sniffAudio does not accept as audio", () => {
  const mp3 = fixtureBytes(fixtureLike("mp3").file);
  it.each<[string, Uint8Array]>([
    ["nothing", new Uint8Array(0)],
    ["HTML", text("<!doctype html><html><body>olá</body></html>")],
    ["HTML after an ID3 tag", concat(id3(200), text("<html>"), new Uint8Array(500))],
    ["a PNG", pngBytes],
    ["a ZIP", concat(text("PK\x03\x04"), noise(500))],
    ["a PDF", text("%PDF-1.7\n%âãÏÓ\n1 0 obj")],
    ["text", text("Central de atendimento, bom dia.\n".repeat(40))],
    [
      "UTF-16 text, whose mark resembles a sync",
      concat(Uint8Array.of(0xff, 0xfe), new Uint8Array(Buffer.from("gravação".repeat(90), "utf16le"))),
    ],
    ["a JPEG", concat(Uint8Array.of(0xff, 0xd8, 0xff, 0xe0, 0, 16), text("JFIF\0"), noise(500))],
    ["random bytes", noise(4096)],
    ["four bytes of RIFF", text("RIFF")],
    ["a RIFF that is an AVI", concat(text("RIFF"), littleEndian(900, 4), text("AVI LIST"), noise(100))],
    [
      "a WAVE without a format",
      concat(text("RIFF"), littleEndian(900, 4), text("WAVEdata"), littleEndian(800, 4), noise(100)),
    ],
    ["a WAVE of no channels", wav(new Uint8Array(4), { channels: 0 })],
    ["an MP4 film", mp4("isom", ["vide", "soun"])],
    ["a film under an audio brand", mp4("M4A ", ["soun", "vide"])],
    ["an MP4 whose tracks are out of sight", mp4("isom", [])],
    [
      "an Ogg film",
      concat(firstPage(concat(Uint8Array.of(0x80), text("theora"), new Uint8Array(35))), firstPage(opusHead(1))),
    ],
    ["an Ogg of unknown content", firstPage(text("Speex   1.2"))],
    ["one MP3 frame alone", mp3.subarray(0, 200)],
    ["the word fLaC", text("fLaC é um formato de áudio sem perdas, e isto é só texto.")],
    ["AAC in ADTS frames", concat(Uint8Array.of(0xff, 0xf1, 0x50, 0x80), noise(300))],
  ])("%s", (_, bytes) => {
    expect(sniffAudio(bytes)).toBeNull();
  });
});

describe("matchesDeclaredType", () => {
  it("accepts every name of the type, with parameters and in any case", () => {
    expect(matchesDeclaredType("audio/x-wav", { contentType: "audio/wav" })).toBe(true);
    expect(matchesDeclaredType("Audio/MP3", { contentType: "audio/mpeg" })).toBe(true);
    expect(matchesDeclaredType("audio/ogg; codecs=opus", { contentType: "audio/ogg" })).toBe(true);
  });

  it("refuses another type and an unknown one", () => {
    expect(matchesDeclaredType("audio/wav", { contentType: "audio/mpeg" })).toBe(false);
    expect(matchesDeclaredType("text/html", { contentType: "audio/wav" })).toBe(false);
    expect(canonicalAudioType("video/mp4")).toBeNull();
    expect(canonicalAudioType("constructor")).toBeNull();
  });
});
