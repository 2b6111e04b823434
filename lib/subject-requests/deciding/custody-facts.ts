import { eq, sql } from "drizzle-orm";
import { lastDayUntil } from "@/lib/core/time";
import type { ReadDatabase } from "@/lib/db/client";
import { idList } from "@/lib/db/id-list";
import { recordings, retentionPolicies, units } from "@/lib/db/schema";
import type { DecisionMeasure, RequestRight } from "@/lib/db/schema/subject-request-words";
import { isHeld } from "@/lib/recordings/may-be-deleted";
import type { RecordingMeasure } from "@/lib/subject-requests/deciding/measures";
import type { RefusalCode } from "@/lib/subject-requests/refusals";

/** What stands about a recording in custody, as far as a decision depends on it. */
export const custodyColumns = {
  id: recordings.id,
  state: recordings.state,
  channels: recordings.channels,
  blockedAt: recordings.blockedAt,
  quarantine: recordings.quarantine,
  minimumUntil: recordings.minimumUntil,
  retainUntil: recordings.retainUntil,
  deletedAt: recordings.deletedAt,
  legalBasis: sql<string | null>`(select ${retentionPolicies.legalBasis} from ${retentionPolicies}
    where ${retentionPolicies.id} = ${recordings.retentionPolicyId})`,
  isHeld: sql<boolean>`${isHeld()}`,
  timeZone: units.timeZone,
};

export type CustodyFacts = {
  id: string;
  state: (typeof recordings.$inferSelect)["state"];
  channels: number | null;
  blockedAt: Date | null;
  quarantine: string | null;
  minimumUntil: Date | null;
  retainUntil: Date | null;
  deletedAt: Date | null;
  legalBasis: string | null;
  isHeld: boolean;
  timeZone: string;
};

/** The facts of recordings, by id. */
export async function custodyFacts(db: ReadDatabase, ids: readonly string[]): Promise<Map<string, CustodyFacts>> {
  const rows = await db
    .select(custodyColumns)
    .from(recordings)
    .innerJoin(units, eq(units.id, recordings.unitId))
    .where(sql`${recordings.id} = any(${idList(ids)})`);
  return new Map(rows.map((row) => [row.id, row]));
}

/** Whether the law keeps it now: `legal_hold`, `legal_obligation` (a legal minimum), or nothing. */
export function keptBy(
  { isHeld: held, minimumUntil }: Pick<CustodyFacts, "isHeld" | "minimumUntil">,
  now = new Date(),
): "legal_hold" | "legal_obligation" | null {
  if (held) return "legal_hold";
  return minimumUntil !== null && minimumUntil > now ? "legal_obligation" : null;
}

/** Until when something that is kept is kept, inclusive. Null: a hold has no end, or no policy gives a date. */
export function keptUntil(measure: DecisionMeasure, facts: CustodyFacts): string | null {
  const { minimumUntil, retainUntil, timeZone } = facts;
  if (facts.isHeld) return null;
  const until = measure === "delete_later" ? minimumUntil : measure === "keep" ? retainUntil : null;
  return until && lastDayUntil(until, timeZone);
}

export type Suggestion = {
  measure: RecordingMeasure;
  audioForm: "whole" | "subject_channel" | null;
  ground: RefusalCode | null;
};

/** The ground on which recordings of a legal basis are kept although the person does not consent. */
const groundOfBasis: Record<string, RefusalCode> = {
  art7_ii: "legal_obligation",
  art11_ii_a: "legal_obligation",
  art7_vi: "exercise_of_rights",
  art11_ii_d: "exercise_of_rights",
  art7_v: "contract_performance",
  art7_x: "credit_protection",
};

/** Whether data of this legal basis is processed on the person's consent. */
export const isOnConsent = (legalBasis: string | null) => legalBasis === "art7_i" || legalBasis === "art11_i";

/**
 * What policy, legal minimum, holds and legal basis suggest. A person decides; null where only a person can.
 */
export function suggestion(right: RequestRight, facts: CustodyFacts): Suggestion | null {
  const onConsent = isOnConsent(facts.legalBasis);
  const otherBasis = groundOfBasis[facts.legalBasis ?? ""] ?? "not_on_consent";
  const kept = keptBy(facts);
  const of = (
    measure: RecordingMeasure,
    ground: RefusalCode | null = null,
    audioForm: Suggestion["audioForm"] = null,
  ) => ({
    ...{ measure, ground, audioForm },
  });
  const form = facts.channels === 2 ? ("subject_channel" as const) : ("whole" as const);
  const sound = () => of("deliver", null, facts.state === "stored" ? form : null);
  switch (right) {
    case "simplified_access":
    case "sac_history":
      return of("deliver");
    case "electronic_copy":
      // The whole copy is owed of what rests on consent or on a contract (LGPD Art. 19, § 3).
      if (facts.legalBasis === null) return null;
      return onConsent || facts.legalBasis === "art7_v" ? sound() : of("withhold", "not_on_consent");
    case "full_declaration":
    case "sac_recording":
    case "portability":
      return sound();
    case "deletion":
      if (!onConsent) return of("keep", otherBasis);
      return kept ? of("delete_later", kept) : of("delete");
    case "consent_withdrawal":
      return onConsent ? of("block") : of("keep", otherBasis);
    case "objection":
      return of("block");
    default:
      return null;
  }
}
