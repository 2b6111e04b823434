import { severalLines, singleLine } from "@/lib/core/text-input";
import { z } from "zod";
import { calendarDay } from "@/lib/core/time";
import { periodUnits, retentionTriggerKinds } from "@/lib/db/schema/retention";
import { isEverShorter } from "@/lib/retention/policies/period-comparison";
import { legalBases } from "@/lib/retention/policies/legal-bases";
import type { PolicyTerms } from "@/lib/retention/policies/policy-terms";

/** At most a hundred years, in any unit. */
const longest = { day: 36_525, month: 1200, year: 100 } as const;

const periodInput = z
  .object({ value: z.coerce.number().int().min(1), unit: z.enum(periodUnits) })
  .refine(({ value, unit }) => value <= longest[unit], { path: ["value"], message: "too_big" });

/** Null must be explicit: a missing field does not widen the match. */
export const matchInput = z.object({
  unitId: z.uuid().nullable(),
  queueId: z.uuid().nullable(),
  direction: z.enum(["inbound", "outbound", "internal"]).nullable(),
  callKind: singleLine(64).nullable(),
});

export const reviewOnInput = calendarDay;

/** All terms of a policy. Each error is reported at its field. */
export const termsInput = z
  .object({
    name: singleLine(120),
    isDefault: z.boolean(),
    match: matchInput,
    trigger: z.enum(retentionTriggerKinds),
    minimum: periodInput.nullable(),
    period: periodInput,
    waiting: periodInput.nullable(),
    legalBasis: z.enum(legalBases),
    source: severalLines(500),
    reviewOn: reviewOnInput,
    justification: severalLines(2000),
    presetKey: z.string().max(64).nullable(),
  })
  .superRefine((terms, context) => {
    for (const [path, message] of contradictions(terms))
      context.addIssue({ code: "custom", path: path.split("."), message });
  });

function* contradictions({
  isDefault,
  match,
  trigger,
  minimum,
  period,
  waiting,
}: PolicyTerms): Generator<[path: string, reason: string]> {
  if (isDefault && Object.values(match).some((value) => value !== null)) yield ["isDefault", "default_matches_all"];
  if (trigger === "call" && waiting !== null) yield ["waiting.value", "without_trigger_only"];
  if (trigger !== "call" && waiting === null) yield ["waiting.value", "waiting_required"];
  if (minimum !== null && isEverShorter(period, minimum)) yield ["period.value", "shorter_than_minimum"];
}

/** The reason for the change. Stored with the version, never in the audit log. */
export const reasonInput = severalLines(2000);

/** The version that the user saw. */
export const versionInput = z.coerce.number().int().min(1);

/** The number of recordings due at once that the user saw and confirmed. */
export const acknowledgedDueInput = z.coerce.number().int().min(0);
