import { auditEvent } from "@/lib/operation/audit-event";
import type { Placed } from "@/lib/legal-holds/placement/place-on-recordings";

/** The event about a hold that got recordings, or the whole calls of those under it. */
export function extensionEvent(
  holdId: string,
  selected: "search" | "chosen" | "whole_calls",
  { held, widened, broughtBack, tooLate, finished }: Placed & { finished: boolean },
) {
  const target = { type: "legal_hold", id: holdId };
  const counts = { recordings: held, widened, broughtBack, tooLate, finished };
  return selected === "whole_calls"
    ? auditEvent("legal_hold.widened", { target, details: counts })
    : auditEvent("legal_hold.extended", { target, details: { bySearch: selected === "search", ...counts } });
}
