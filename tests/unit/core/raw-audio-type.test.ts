import { describe, expect, it } from "vitest";
import { audioExtensions } from "@/lib/core/accepted-audio-types";
import { acceptedContentType, readRawAudioType } from "@/lib/core/raw-audio-type";

describe("readRawAudioType", () => {
  it.each([
    ["audio/PCMU;rate=8000", "audio/pcmu;rate=8000", "mulaw", 8_000, 1],
    ["audio/x-alaw", "audio/pcma;rate=8000", "alaw", 8_000, 1],
    ["audio/PCMA; rate=8000; channels=2", "audio/pcma;rate=8000;channels=2", "alaw", 8_000, 2],
    ["audio/basic", "audio/pcmu;rate=8000", "mulaw", 8_000, 1],
    ["audio/L16; channels=2; rate=16000", "audio/l16;rate=16000;channels=2", null, 16_000, 2],
    ['audio/L16;rate="8000"', "audio/l16;rate=8000;channels=1", null, 8_000, 1],
    [
      "audio/l16;rate=8000;endianness=big-endian",
      "audio/l16;rate=8000;channels=1;endianness=big-endian",
      "pcm_s16be",
      8_000,
      1,
    ],
    ["audio/GSM", "audio/gsm", "gsm", 8_000, 1],
    ["audio/G722;rate=8000", "audio/g722", "g722", 16_000, 1],
  ])("%s", (declared, declaredType, codec, sampleRate, channels) => {
    expect(readRawAudioType(declared)).toEqual({ declaredType, codec, sampleRate, channels });
  });

  it("reads what it wrote", () => {
    for (const type of Object.values(audioExtensions)) {
      const raw = readRawAudioType(type);
      if (raw && type !== "audio/basic") expect(raw).toMatchObject({ declaredType: type });
    }
  });

  it.each([
    ["audio/l16", "rate"],
    ["audio/l16;rate=8k", "rate"],
    ["audio/l16;rate=100", "rate"],
    ["audio/l16;rate=384000", "rate"],
    ["audio/l16;rate=8000;channels=0", "channels"],
    ["audio/l16;rate=8000;channels=9", "channels"],
    ["audio/l16;rate=8000;channels=one", "channels"],
    ["audio/l16;rate=8000;endianness=constructor", "endianness"],
    ["audio/pcmu;rate=16000", "rate"],
    ["audio/gsm;channels=2", "channels"],
    ["audio/g722;rate=48000", "rate"],
  ])("refuses %s for its %s", (declared, problem) => {
    expect(readRawAudioType(declared)).toEqual({ problem });
    expect(acceptedContentType(declared)).toEqual({ problem });
  });

  it("leaves other types", () => {
    expect(readRawAudioType("audio/wav")).toBeNull();
    expect(readRawAudioType("text/html")).toBeNull();
    expect(acceptedContentType("audio/x-wav; codecs=1")).toBe("audio/wav");
    expect(acceptedContentType("audio/basic")).toBe("audio/basic");
    expect(acceptedContentType("audio/PCMU")).toBe("audio/pcmu;rate=8000");
    expect(acceptedContentType("text/html")).toBeNull();
  });
});
