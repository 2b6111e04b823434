import { playsInBrowsers } from "@/lib/core/accepted-audio-types";
import type { BrowserName, FormatRow } from "./format-rows";
import { soundOf } from "./marked-sound";
import type { Heard, Span } from "./play-in-page";

/**
 * In seconds. Coders add silence at both ends to fill their frames, and players report times in steps. In WebKitGTK
 * up to half a second more than the sound has is heard behind a jump.
 */
export const tolerances = { duration: 0.25, marker: { chromium: 0.25, firefox: 0.25, webkitgtk: 0.6 } } as const;

/** How long before the marker the matrix jumps into the sound. */
export const runUpSeconds = 0.7;

/** `bytes`: another answer of the portal than the table says; `plays`: the browser reports an error. */
export type Check = "bytes" | "plays" | "duration" | "seek" | "end";

/** The checks that a play did not pass. */
export function failedChecks(heard: Heard, row: FormatRow, browser: BrowserName): Check[] {
  const { seconds, markerSeconds } = soundOf(row);
  const isLength = (measured: number | null) => Math.abs((measured ?? 0) - seconds) <= tolerances.duration;
  const isIn = (span: Span | null, expected: number) => isWithin(span, expected, tolerances.marker[browser]);
  const clock = isClockOfSound(browser) ? isIn(heard.clock, markerSeconds) : true;
  const passed: Record<Check, boolean> = {
    bytes: heard.servedType.split(";")[0] === servedType(row),
    plays: heard.error === null,
    duration: isLength(heard.durationSeconds),
    seek: isIn(heard.before, runUpSeconds) && clock,
    end: heard.hasEnded && isLength(heard.endedAtSeconds) && isIn(heard.behind, seconds - markerSeconds),
  };
  return (Object.keys(passed) as Check[]).filter((check) => !passed[check]);
}

const isWithin = (span: Span | null, seconds: number, tolerance: number) =>
  span !== null && span[0] <= seconds + tolerance && span[1] >= seconds - tolerance;

/** WebKitGTK's clock runs ahead while Web Audio listens (findings/webkitgtk-clock-with-web-audio.sh). */
const isClockOfSound = (browser: BrowserName) => browser !== "webkitgtk";

/** The type of what the gateway sends: the recording, its sound behind another header, or its playable copy. */
export function servedType(row: FormatRow): string {
  if (needsCopy(row)) return "audio/ogg";
  const { contentType, codec, isRepaired } = row;
  if (!isRepaired && playsInBrowsers(contentType, codec) !== "after_header_repair") return contentType;
  return contentType === "audio/mpeg" ? "audio/mp4" : "audio/wav";
}

/** Whether browsers play a copy of the row's file. */
export const needsCopy = ({ contentType, codec, isJoined }: FormatRow): boolean =>
  isJoined === true || playsInBrowsers(contentType, codec) === "needs_copy";

type Difference = { file: string; browser: BrowserName; failed: readonly Check[]; why: string };

/** What a browser does otherwise, each with its reason. A difference that is gone fails the matrix, too. */
export const knownDifferences: readonly Difference[] = [];

export const differenceOf = (browser: BrowserName, file: string): Difference | undefined =>
  knownDifferences.find((difference) => difference.browser === browser && difference.file === file);
