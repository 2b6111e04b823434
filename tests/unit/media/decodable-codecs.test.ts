import { describe, expect, it } from "vitest";
import { computeWaveform } from "@/lib/media/compute-waveform";
import { canDecode } from "@/lib/media/decodable-codecs";
import type { SniffedAudio } from "@/lib/media/sniffed-audio";
import { fileOf, fixtureBytes, fixtureLike } from "./audio-samples";
import { sniff } from "./sniffed-files";

const files = [
  ...["04-wav-pcm-mono", "03-wav-alaw-mono", "12-wav-mulaw", "19-mp3-mono", "24-ogg-opus"].map(
    (part) => fixtureLike(part).file,
  ),
  ...["other-aac.m4a", "other-flac.flac", "other-flac.ogg", "other-vorbis.ogg", "fmt-wav-mp3.wav"],
  "fmt-aac-index-last.m4a",
];

describe("canDecode is right about", () => {
  it.each(files)("%s", async (file) => {
    const bytes = fixtureBytes(file);
    const { contentType, codec } = (await sniff(bytes)) as SniffedAudio;
    const waveform = await computeWaveform(
      fileOf(async function* (from) {
        yield bytes.subarray(from);
      }, bytes.length),
    );
    expect(canDecode(contentType, codec)).toBe(waveform.kind === "ready");
  });
});
