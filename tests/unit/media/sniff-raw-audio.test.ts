import { describe, expect, it } from "vitest";
import { foreignForm } from "@/lib/media/foreign-form";
import { fixture, sniff } from "./sniffed-files";
import { concat, noise, pngBytes, text, wav } from "./audio-samples";

const little = "audio/l16;rate=8000;channels=1;endianness=little-endian";

describe("sound without a header is what its declared type says", () => {
  it.each([
    ["formats/mulaw.ulaw", "audio/PCMU;rate=8000", "mulaw", "audio/pcmu;rate=8000"],
    ["formats/mulaw.ulaw", "audio/basic", "mulaw", "audio/pcmu;rate=8000"],
    ["formats/alaw.alaw", "audio/PCMA; rate=8000", "alaw", "audio/pcma;rate=8000"],
    ["formats/slin.sln", little, "pcm_s16le", little],
    ["formats/slin.sln", "audio/L16;rate=8000;channels=1", "pcm_s16le", little],
    [
      "formats/slin-big-endian.raw",
      "audio/L16;channels=1;rate=8000",
      "pcm_s16be",
      "audio/l16;rate=8000;channels=1;endianness=big-endian",
    ],
    ["formats/gsm.gsm", "audio/GSM", "gsm", "audio/gsm"],
    ["recorders/asterisk22-gsm-4s.gsm", "audio/gsm;rate=8000", "gsm", "audio/gsm"],
    ["formats/g722.g722", "audio/G722", "g722", "audio/g722"],
  ])("%s as %s", async (file, declared, codec, declaredType) => {
    const sampleRate = codec === "g722" ? 16_000 : 8_000;
    const contentType = declaredType.split(";")[0];
    const expected = { contentType, codec, channels: 1, sampleRate, declaredType };
    expect(await sniff(fixture(file), declared)).toEqual(expected);
  });

  it("keeps the standard's byte order if the samples do not tell", async () => {
    expect(await sniff(new Uint8Array(800), "audio/l16;rate=16000")).toMatchObject({ codec: "pcm_s16be" });
  });

  it("takes GSM whose last frame a killed recorder left unfinished", async () => {
    const bytes = fixture("recorders/asterisk22-gsm-4s.gsm");
    expect(await sniff(bytes.subarray(0, bytes.length - 10), "audio/gsm")).toMatchObject({ codec: "gsm" });
  });
});

describe("a declared type without a header does not let in", () => {
  it.each<[string, Uint8Array, string, string]>([
    ["G.711 as GSM", fixture("formats/alaw.alaw"), "audio/gsm", "not_that_codec"],
    ["less than a frame of GSM", fixture("formats/gsm.gsm").subarray(0, 32), "audio/gsm", "not_that_codec"],
    ["half a sample", new Uint8Array(801), "audio/l16;rate=8000", "not_that_codec"],
    ["half a frame of two channels", new Uint8Array(802), "audio/l16;rate=8000;channels=2", "not_that_codec"],
    ["HTML", text("<html><script>alert(document.cookie)</script></html>"), "audio/basic", "html"],
    ["text", text("nome;telefone\nFulano;11999990000\n".repeat(20)), "audio/pcmu", "text"],
    ["a ZIP", concat(text("PK\x03\x04"), noise(500)), "audio/pcma", "archive"],
    ["a PNG", pngBytes, "audio/g722", "image"],
    ["a program", concat(text("\x7fELF"), noise(500)), "audio/pcmu", "executable"],
    [
      "HTML behind an ID3 tag",
      concat(text("ID3\x03\0\0\0\0\0\x0aTIT2"), text("      <html>")),
      "audio/pcmu",
      "unknown",
    ],
    ["anything, with a wrong rate", fixture("formats/mulaw.ulaw"), "audio/pcmu;rate=16000", "unknown"],
  ])("%s", async (_, bytes, declared, form) => {
    expect(await sniff(bytes, declared)).toBe(form);
  });

  it("a file with a header as sound without one", async () => {
    expect(await sniff(wav(new Uint8Array(100)), "audio/l16;rate=8000")).toMatchObject({ contentType: "audio/wav" });
    expect(await sniff(fixture("formats/mulaw.au"), "audio/basic")).toMatchObject({ contentType: "audio/basic" });
  });
});

describe("quiet sound without a header is nothing else", () => {
  const fill = (codes: number[]) =>
    Uint8Array.from({ length: 8000 }, (_, at) => codes[(at * 7 + (at >> 3)) % codes.length]!);

  it.each([
    [
      "mu-law silence, which begins like UTF-16",
      concat(Uint8Array.of(0xff, 0xfe), fill([0xff, 0xfe, 0x7f, 0x7e, 0xfd])),
    ],
    ["A-law silence, which is a letter", fill([0x55])],
    ["A-law noise", fill([0x55, 0xd5, 0x54, 0xd4])],
    ["linear silence", fill([0])],
    ["linear noise", fill([0, 0, 1, 0, 1, 0, 0xff, 0xff])],
  ])("%s", (_, bytes) => {
    expect(foreignForm(bytes)).toBeNull();
  });
});
