import fc from "fast-check";
import { expect, it } from "vitest";
import { PLAYBACK_RATES, stepRate } from "@/components/playback/playback-rate";
import { sliderTarget } from "@/components/playback/slider-keys";

it.each([
  ["ArrowRight", 65_000],
  ["ArrowUp", 65_000],
  ["ArrowLeft", 55_000],
  ["ArrowDown", 55_000],
  ["PageUp", 90_000],
  ["PageDown", 30_000],
  ["Home", 0],
  ["End", 120_000],
])("%s moves the slider", (key, target) => {
  expect(sliderTarget(key, 60_000, 120_000)).toBe(target);
});

it("keeps the position inside the recording and ignores other keys", () => {
  const key = fc.constantFrom("ArrowRight", "ArrowLeft", "PageUp", "PageDown", "Home", "End");
  fc.assert(
    fc.property(key, fc.nat(600_000), fc.nat(600_000), (pressed, positionMs, durationMs) => {
      const target = sliderTarget(pressed, Math.min(positionMs, durationMs), durationMs);
      expect(target).toBeGreaterThanOrEqual(0);
      expect(target).toBeLessThanOrEqual(durationMs);
    }),
  );
  for (const other of ["Tab", "Enter", "a", "toString"]) expect(sliderTarget(other, 0, 1000)).toBeNull();
});

it("steps through the speeds, up to both ends", () => {
  expect(stepRate(1, 1)).toBe(1.25);
  expect(stepRate(1, -1)).toBe(0.75);
  expect(stepRate(PLAYBACK_RATES.at(-1)!, 1)).toBe(PLAYBACK_RATES.at(-1));
  expect(stepRate(PLAYBACK_RATES[0], -1)).toBe(PLAYBACK_RATES[0]);
});
