import type { DeviceSound } from "./browsers/sound-server";
import type { DevicePlay, Heard, Span } from "./play-in-page";

/** Fine enough for the tolerances, and long enough to tell 440 Hz from 1000 Hz. */
const windowSeconds = 0.02;

/** Below -30 dB of full scale nothing is heard; a pitch is heard if it is 10 dB louder than the other. */
const [silence, clearly] = [1e-3, 10];

/** How long each of the two pitches was heard behind the jump, and what the element's clock said between them. */
export function heardAtDevice(play: DevicePlay, sound: DeviceSound, pitches: readonly [number, number]): Heard {
  const { jumpedAtMs, clock, ...told } = play;
  const heard = pitchesOf(sound, pitches).filter(({ atMs }) => atMs > jumpedAtMs - 100);
  const lengthOf = (pitch: number): Span | null => {
    const seconds = heard.filter((window) => window.pitch === pitch).length * windowSeconds;
    return seconds > 0 ? [seconds, seconds] : null;
  };
  const changedAtMs = heard.find(({ pitch }) => pitch === pitches[1])?.atMs ?? Infinity;
  const next = clock.findIndex(([atMs]) => atMs >= changedAtMs);
  const around: Span | null = next > 0 ? [clock[next - 1]![1], clock[next]![1]] : null;
  return { ...told, before: lengthOf(pitches[0]), behind: lengthOf(pitches[1]), clock: around };
}

function pitchesOf({ samples, rate, startedAtMs }: DeviceSound, pitches: readonly [number, number]) {
  const length = rate * windowSeconds;
  return Array.from({ length: Math.floor(samples.length / length) }, (_, index) => {
    const window = samples.subarray(index * length, (index + 1) * length);
    const [low, high] = [powerOf(window, pitches[0], rate), powerOf(window, pitches[1], rate)];
    const isClear = Math.max(low, high) > silence && Math.max(low, high) > clearly * Math.min(low, high);
    const pitch = isClear ? (low > high ? pitches[0] : pitches[1]) : null;
    return { pitch, atMs: startedAtMs + index * windowSeconds * 1000 };
  });
}

/** The power of one pitch in the samples, 1 for a sine of full scale (Goertzel's algorithm). */
function powerOf(samples: Int16Array, pitch: number, rate: number): number {
  const coefficient = 2 * Math.cos((2 * Math.PI * pitch) / rate);
  let [last, before] = [0, 0];
  for (const sample of samples) [last, before] = [sample / 32768 + coefficient * last - before, last];
  return (last * last + before * before - coefficient * last * before) / (samples.length / 2) ** 2;
}
