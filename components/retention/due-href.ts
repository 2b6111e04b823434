import type { Route } from "next";

/** The list of what falls due on these days, and by this policy: what goes, or what a legal hold keeps. */
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

/** A calendar day as it is written in Brazil: "26/11/2026". */
export const writtenDay = (day: string) => day.split("-").reverse().join("/");
