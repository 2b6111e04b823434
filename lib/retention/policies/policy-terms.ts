import type { Period } from "@/lib/core/time";
import type { retentionPolicies, retentionTriggerKinds } from "@/lib/db/schema/retention";
import type { LegalBasis } from "@/lib/retention/policies/legal-bases";

export type { Period };

export type TriggerKind = (typeof retentionTriggerKinds)[number];

/** Which recordings match; null means any. A queue is always given with its unit. */
export type PolicyMatch = {
  unitId: string | null;
  queueId: string | null;
  direction: "inbound" | "outbound" | "internal" | null;
  callKind: string | null;
};

/** All terms of a policy. Each version stores all of them. */
export type PolicyTerms = {
  name: string;
  /** Applies only to recordings that no other policy matches. */
  isDefault: boolean;
  match: PolicyMatch;
  /** The trigger of both periods. */
  trigger: TriggerKind;
  /** The legal minimum. */
  minimum: Period | null;
  /** Time until deletion. */
  period: Period;
  /** Time until deletion, counted from the call, until the trigger is reported; null if the trigger is the call. */
  waiting: Period | null;
  /** Null only in policies that are older than this field. */
  legalBasis: LegalBasis | null;
  source: string;
  /** Calendar day: "2027-03-01". */
  reviewOn: string;
  justification: string;
  presetKey: string | null;
};

type PolicyRow = typeof retentionPolicies.$inferSelect;

const period = (value: number | null, unit: Period["unit"] | null): Period | null =>
  value === null || unit === null ? null : { value, unit };

export function termsOf(row: PolicyRow): PolicyTerms {
  const {
    name,
    isDefault,
    unitId,
    queueId,
    direction,
    callKind,
    trigger,
    legalBasis,
    source,
    reviewOn,
    justification,
    presetKey,
  } = row;
  return {
    ...{
      name,
      isDefault,
      match: { unitId, queueId, direction, callKind },
      trigger,
      source,
      reviewOn,
      justification,
      presetKey,
    },
    legalBasis: legalBasis as LegalBasis | null,
    minimum: period(row.minimumValue, row.minimumUnit),
    period: { value: row.periodValue, unit: row.periodUnit },
    waiting: period(row.waitingValue, row.waitingUnit),
  };
}

/** Converts terms to columns: the inverse of `termsOf`. */
export function columnsOf({ match, minimum, period: toDeletion, waiting, ...same }: PolicyTerms) {
  return {
    ...same,
    ...match,
    ...{ minimumValue: minimum?.value ?? null, minimumUnit: minimum?.unit ?? null },
    ...{ periodValue: toDeletion.value, periodUnit: toDeletion.unit },
    ...{ waitingValue: waiting?.value ?? null, waitingUnit: waiting?.unit ?? null },
  };
}
