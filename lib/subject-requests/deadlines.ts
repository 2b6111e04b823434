import { endOfPeriod } from "@/lib/core/time";
import type { RequestRight } from "@/lib/db/schema/subject-request-words";
import { rightCodes, rightOf, type RightClock } from "@/lib/subject-requests/rights";

/** A deadline that the company set instead of the preset. */
export type DeadlineChange = { right: RequestRight; days: number; source: string };

/** The deadline of one right, as it counts for a request that is received now. */
export type Deadline = { right: RequestRight; days: number; kind: RightClock["kind"]; source: string };

/** The longest deadline that the company may set, in days. */
export const longestDeadline = 180;

/** The days that the law allows at most; null where no norm fixes them. */
export function lawLimit(right: RequestRight, isSmallAgent: boolean): number | null {
  const { kind } = rightOf(right).clock;
  return kind === "law" ? presetDays(right, isSmallAgent) : null;
}

function presetDays(right: RequestRight, isSmallAgent: boolean): number {
  const { days, smallAgentDays } = rightOf(right).clock;
  return isSmallAgent ? (smallAgentDays ?? days) : days;
}

/**
 * The deadline of a right: what the company set, else the preset. A change never exceeds the law: one that was made
 * while the company was a small agent ends with that.
 */
export function deadlineOf(
  right: RequestRight,
  { isSmallAgent, changes }: { isSmallAgent: boolean; changes: readonly DeadlineChange[] },
): Deadline {
  const { kind, source } = rightOf(right).clock;
  const limit = lawLimit(right, isSmallAgent) ?? longestDeadline;
  const change = changes.find((found) => found.right === right);
  if (change && change.days <= limit) return { right, days: change.days, kind, source: change.source };
  return { right, days: presetDays(right, isSmallAgent), kind, source };
}

/** The deadlines of all rights, in the order of the forms. */
export const deadlines = (settings: { isSmallAgent: boolean; changes: readonly DeadlineChange[] }): Deadline[] =>
  rightCodes.map((right) => deadlineOf(right, settings));

/**
 * When a deadline is over: the first instant after its last day. Calendar days in the controller's zone, the day of
 * receipt excluded, the last one included, never moved to a business day; nothing stops the clock.
 */
export const dueUntil = (receivedAt: Date, days: number, timeZone: string): Date =>
  endOfPeriod(receivedAt, { value: days, unit: "day" }, timeZone);
