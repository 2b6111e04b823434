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

  it("name every codec once, but for byte order", () => {
    const names = Object.entries(audioCodecs).map(([codec, { name }]) => `${name} ${/(le|be|_s8)?$/.exec(codec)![0]}`);
    expect(new Set(names).size).toBe(names.length);
  });
});

describe("audioTypeOfName", () => {
  it.each([
    ["call.WAV", "audio/wav"],
    ["a.b.opus", "audio/ogg"],
    ["call.txt", null],
    ["call", null],
    ["call.constructor", null],
    ["call.wav.part", null],
  ])("%s: %s", (name, type) => expect(audioTypeOfName(name)).toBe(type));

  it("has the reverse for downloads", () => {
    expect(extensionOfType("audio/mpeg")).toBe("mp3");
    expect(extensionOfType("text/html")).toBeNull();
  });
});

describe("playsInBrowsers", () => {
  it("is the worse of container and codec", () => {
    expect(playsInBrowsers("audio/wav", "pcm_s16le")).toBe("everywhere");
    expect(playsInBrowsers("audio/wav", "wav49")).toBe("needs_copy");
    expect(playsInBrowsers("audio/wav", "pcm_s16be")).toBe("after_header_repair");
  });

  it("is unknown without a codec", () => {
    expect(playsInBrowsers("audio/wav", null)).toBeNull();
    expect(readAudioCodec("constructor")).toBeNull();
    expect(readAudioCodec(null)).toBeNull();
    expect(readAudioCodec("gsm")).toBe("gsm");
  });
});
