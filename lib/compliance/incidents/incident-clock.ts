import { endOfBusinessDays } from "@/lib/core/business-days";
import type { ReadDatabase } from "@/lib/db/client";
import { ownHolidays, type incidents } from "@/lib/db/schema";

type Clock = Pick<typeof incidents.$inferSelect, "knownAt" | "timeZone" | "isSmallAgent">;

/** Business days of the notice to the ANPD and to the persons (Art. 6 and 9), and of its complement (Art. 6, § 3). */
const noticeDays = 3;
const complementDays = 20;

/** The days of state, city and company that are no business days. */
export async function ownHolidaysOf(db: ReadDatabase): Promise<ReadonlySet<string>> {
  const rows = await db.select({ day: ownHolidays.day }).from(ownHolidays);
  return new Set(rows.map(({ day }) => day));
}

/**
 * When the notices of an incident are due: the first instants after their last days. They count from when the
 * controller knew that personal data was affected (Res. CD/ANPD 15/2024); double for a small agent (Res. 2/2022).
 * Null while it is only suspected.
 */
export function noticesDue({ knownAt, timeZone, isSmallAgent }: Clock, holidays: ReadonlySet<string>) {
  if (knownAt === null) return null;
  const end = (days: number) => endOfBusinessDays(knownAt, isSmallAgent ? 2 * days : days, timeZone, holidays);
  return { noticeUntil: end(noticeDays), complementUntil: end(complementDays) };
}

type Judged = Pick<typeof incidents.$inferSelect, "effect" | "criteria">;

/**
 * Whether ANPD and persons must be told: the incident may significantly affect their interests and rights, and meets
 * one of the criteria (Res. CD/ANPD 15/2024, Art. 5). Null: not decided yet.
 */
export function isNotifiable({ effect, criteria }: Judged): boolean | null {
  if (effect === "unknown") return null;
  return effect === "significant" && criteria.length > 0;
}
