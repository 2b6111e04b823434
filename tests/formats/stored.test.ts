import { expect, inject, it } from "vitest";
import { typeWithoutParameters } from "@/lib/core/accepted-audio-types";
import { formatRows } from "./format-rows";
import { needsCopy, toleranceSeconds } from "./judge-play";
import { soundOf } from "./marked-sound";

it.each(formatRows.map((row) => [row.file, row] as const))("the portal knows what %s is, and how long", (file, row) => {
  const stored = inject("stored")[file];
  expect(stored, "the portal took the file").toBeDefined();
  expect([typeWithoutParameters(stored!.contentType), stored!.codec]).toEqual([row.contentType, row.codec]);
  expect(stored!.copy).toBe(needsCopy(row) ? "ready" : null);
  expect(Math.abs(stored!.durationMs! / 1000 - soundOf(row).seconds)).toBeLessThanOrEqual(toleranceSeconds);
});
