import { asc, isNull } from "drizzle-orm";
import { startOfDay, today } from "@/lib/core/time";
import type { ReadDatabase } from "@/lib/db/client";
import { officerTerms } from "@/lib/db/schema";
import type { officerRoles } from "@/lib/db/schema/governance";

export type OfficerRole = (typeof officerRoles)[number];

/** A term in office; days are calendar days of the controller, both inclusive. */
export type Term = { role: OfficerRole; startsOn: string; endsOn: string | null };

/** The terms that were not voided, by their first day. */
export const validTerms = (db: ReadDatabase) =>
  db
    .select()
    .from(officerTerms)
    .where(isNull(officerTerms.voidedAt))
    .orderBy(asc(officerTerms.startsOn), asc(officerTerms.id));

export const inOffice = <Of extends Term>(terms: readonly Of[], role: OfficerRole, day: string): Of | null =>
  terms.find((term) => term.role === role && term.startsOn <= day && (term.endsOn === null || term.endsOn >= day)) ??
  null;

const dayMs = 86_400_000;
const days = (from: string, to: string) => Math.round((startOfDay(to).getTime() - startOfDay(from).getTime()) / dayMs);

/** How many days from the first term to `until`, inclusive, nobody of a role was in office. */
export function daysWithout(terms: readonly Term[], role: OfficerRole, until: string): number {
  const own = terms.filter((term) => term.role === role && term.startsOn <= until);
  const first = own[0];
  if (!first) return 0;
  let [missing, covered] = [0, first.startsOn];
  // `covered`: the first day of which nothing is known yet.
  for (const { startsOn, endsOn } of own) {
    if (startsOn > covered) missing += days(covered, startsOn);
    if (endsOn === null) return missing;
    const next = dayAfter(endsOn);
    if (next > covered) covered = next;
  }
  return missing + Math.max(0, days(covered, dayAfter(until)));
}

const dayAfter = (day: string) => today(new Date(startOfDay(day, 1).getTime() + dayMs / 2));

/** Whether two terms of one role have a day in common. */
export const overlap = (a: Term, b: Term) =>
  a.role === b.role && (a.endsOn === null || b.startsOn <= a.endsOn) && (b.endsOn === null || a.startsOn <= b.endsOn);
