import { playsInBrowsers } from "@/lib/core/accepted-audio-types";
import type { BrowserName, FormatRow } from "./format-rows";
import { soundOf } from "./marked-sound";
import type { Heard, Span } from "./play-in-page";

/** In seconds. Coders add silence at both ends to fill their frames, and players report times in steps. */
export const toleranceSeconds = 0.25;

/** How long before the marker the matrix jumps into the sound. */
export const runUpSeconds = 0.7;

/** `bytes`: another answer of the portal than the table says; `plays`: the browser reports an error. */
export type Check = "bytes" | "plays" | "duration" | "seek" | "end";

/** The checks that a play did not pass. */
export function failedChecks(heard: Heard, row: FormatRow): Check[] {
  const { seconds, markerSeconds } = soundOf(row);
  const isLength = (measured: number | null) => Math.abs((measured ?? 0) - seconds) <= toleranceSeconds;
  const passed: Record<Check, boolean> = {
    bytes: heard.servedType.split(";")[0] === servedType(row),
    plays: heard.error === null,
    duration: isLength(heard.durationSeconds),
    seek: isIn(heard.before, runUpSeconds) && isIn(heard.clock, markerSeconds),
    end: heard.hasEnded && isLength(heard.endedAtSeconds) && isIn(heard.behind, seconds - markerSeconds),
  };
  return (Object.keys(passed) as Check[]).filter((check) => !passed[check]);
}

const isIn = (span: Span | null, seconds: number) =>
  span !== null && span[0] <= seconds + toleranceSeconds && span[1] >= seconds - toleranceSeconds;

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
