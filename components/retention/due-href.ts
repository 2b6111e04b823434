import type { Route } from "next";

/**
 * Returns the link to the recordings due on these days, and by this policy: those to be deleted, or those that holds
 * keep.
 */
export function dueHref({
  from,
  to,
  policyId,
  held = false,
}: {
  from?: string;
  to: string;
  policyId?: string | null;
  held?: boolean;
}): Route {
  const parameters = {
    state: "stored",
    held: held ? "yes" : "no",
    ...(from ? { dueFrom: from } : {}),
    dueTo: to,
    ...(policyId ? { policyId } : {}),
  };
  return `/recordings?${new URLSearchParams(parameters)}` as Route;
}

/** The recordings whose processing is suspended. */
export const blockedHref = "/recordings?blocked=yes" as Route;

/** The recordings with a doubtful date. */
export const doubtfulHref = "/recordings?doubtfulDate=yes" as Route;

/** Formats a calendar day as in Brazil: "26/11/2026". */
export const writtenDay = (day: string) => day.split("-").reverse().join("/");
