// What is measured of a finished file.
import { execFileSync, spawnSync } from "node:child_process";
import { SAMPLE_RATE } from "./make-audio-fixtures.speech.mjs";

/** Returns the decoded duration in milliseconds. MP3 pads to whole frames, so its header is not exact. */
export function playedMilliseconds(path) {
  const pcm = execFileSync(
    "ffmpeg",
    ["-v", "error", "-i", path, "-f", "s16le", "-ar", String(SAMPLE_RATE), "-ac", "1", "-"],
    { maxBuffer: 64 << 20 },
  );
  return Math.round((pcm.length / 2 / SAMPLE_RATE) * 1000);
}

/** Returns the mean volume after the filter, in dB relative to full scale. */
function meanVolume(path, filter) {
  const log = spawnSync("ffmpeg", ["-nostats", "-i", path, "-af", `${filter},volumedetect`, "-f", "null", "-"], {
    encoding: "utf8",
  }).stderr;
  return Number(/mean_volume: (-?[\d.]+) dB/.exec(log)?.[1] ?? -Infinity);
}

/** Throws unless every channel has speech and two channels differ. */
export function requireSpeech(path, channels) {
  if (channels === 2 && meanVolume(path, "pan=mono|c0=c0-c1") < -40)
    throw new Error(`${path}: both channels are the same`);
  for (let channel = 0; channel < channels; channel++) {
    if (meanVolume(path, `pan=mono|c0=c${channel}`) < -45)
      throw new Error(`${path}: channel ${channel} is almost silent`);
  }
}
