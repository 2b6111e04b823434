import { describe, expect, it } from "vitest";
import {
  acceptedAudioTypes,
  audioExtensions,
  audioTypeOfName,
  canonicalAudioType,
  extensionOfType,
  playsInBrowsers,
} from "@/lib/core/accepted-audio-types";
import { audioCodecs, readAudioCodec } from "@/lib/core/audio-codecs";
import { refusedExtensions, refusedFormOfName, refusedFormOfType } from "@/lib/core/refused-forms";

describe("the tables of audio", () => {
  it("give a name to one type only", () => {
    const names = Object.entries(acceptedAudioTypes).flatMap(([name, { aliases }]) => [name, ...aliases]);
    expect(new Set(names).size).toBe(names.length);
    expect(names.filter((name) => name !== name.toLowerCase())).toEqual([]);
  });

  it("have an accepted type for every extension, and an extension for every type", () => {
    for (const type of Object.values(audioExtensions)) expect(canonicalAudioType(type), type).not.toBeNull();
    const reached = new Set(Object.values(audioExtensions).map(canonicalAudioType));
    expect([...reached].sort()).toEqual(Object.keys(acceptedAudioTypes).sort());
  });

  it("take or refuse an extension, not both", () => {
    expect(Object.keys(refusedExtensions).filter((extension) => audioTypeOfName(`a.${extension}`))).toEqual([]);
    expect(refusedFormOfName("a.MJR")).toBe("janus_mjr");
    expect(refusedFormOfName("a.wav")).toBeNull();
    expect(refusedFormOfType("video/mp4")).toBe("video");
    expect(refusedFormOfType("audio/G729; rate=8000")).toBe("g729_raw");
    expect(refusedFormOfType("audio/wav")).toBeNull();
  });

  it("name every codec once, but for byte order", () => {
    const names = Object.entries(audioCodecs).map(([codec, { name }]) => `${name} ${/(le|be|_s8)?$/.exec(codec)![0]}`);
    expect(new Set(names).size).toBe(names.length);
  });
});

describe("audioTypeOfName", () => {
  it.each([
    ["call.WAV", "audio/wav"],
    ["a.b.opus", "audio/ogg"],
    ["call.gsm", "audio/gsm"],
    ["call.al", "audio/pcma;rate=8000"],
    ["call.sln48", "audio/l16;rate=48000;channels=1;endianness=little-endian"],
    ["call.wav16", "audio/wav"],
    ["call.mjr", null],
    ["call.txt", null],
    ["call", null],
    ["call.constructor", null],
    ["call.wav.part", null],
  ])("%s: %s", (name, type) => expect(audioTypeOfName(name)).toBe(type));

  it("has the reverse for downloads", () => {
    expect(extensionOfType("audio/mpeg")).toBe("mp3");
    expect(extensionOfType("audio/l16;rate=16000;channels=1;endianness=little-endian")).toBe("sln16");
    expect(extensionOfType("audio/pcmu;rate=8000;channels=2")).toBe("ulaw");
    expect(extensionOfType("text/html")).toBeNull();
  });
});

describe("playsInBrowsers", () => {
  it("is the worse of container and codec", () => {
    expect(playsInBrowsers("audio/wav", "pcm_s16le")).toBe("everywhere");
    expect(playsInBrowsers("audio/wav", "wav49")).toBe("needs_copy");
    expect(playsInBrowsers("audio/pcma;rate=8000", "alaw")).toBe("after_header_repair");
    expect(playsInBrowsers("audio/basic", "mulaw")).toBe("after_header_repair");
    expect(playsInBrowsers("audio/basic", "pcm_s16be")).toBe("needs_copy");
    expect(playsInBrowsers("audio/basic", "g722")).toBe("needs_copy");
  });

  it("is of a codec in this container: browsers play A-law in WAV alone, and AAC in MP4 and ADTS", () => {
    expect(playsInBrowsers("audio/mp4", "alaw")).toBe("needs_copy");
    expect(playsInBrowsers("audio/mp4", "aac")).toBe("everywhere");
    expect(playsInBrowsers("audio/aac", "aac")).toBe("everywhere");
    expect(playsInBrowsers("audio/wav", "aac")).toBe("needs_copy");
    expect(playsInBrowsers("audio/wav", "mp3")).toBe("everywhere");
  });

  it("is unknown without a codec", () => {
    expect(playsInBrowsers("audio/wav", null)).toBeNull();
    expect(readAudioCodec("constructor")).toBeNull();
    expect(readAudioCodec(null)).toBeNull();
    expect(readAudioCodec("gsm")).toBe("gsm");
  });
});
