import { describe, expect, it } from "vitest";
import { canonicalAudioType, matchesDeclaredType } from "@/lib/core/accepted-audio-types";

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
