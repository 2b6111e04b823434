import { severalLines } from "@/lib/core/text-input";
import { z } from "zod";
import { encryptField, type FieldName } from "@/lib/core/crypto/field-encryption";
import { env } from "@/lib/core/env";
import { instantOf } from "@/lib/core/time";
import { incidentCriteria, incidentDataKinds, incidentEffects } from "@/lib/db/schema/incidents";

const text = severalLines(10_000, 0).default("");

/** A local time of a form, "2026-11-30T14:05", in the controller's zone; empty is null. It may not be in the future. */
const pastMoment = z
  .string()
  .trim()
  .default("")
  .transform((value, context) => {
    if (value === "") return null;
    const moment = instantOf(value, env().CONTROLLER_TIME_ZONE);
    if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d/.test(value) || Number.isNaN(moment.getTime()))
      context.addIssue({ code: "custom", message: "not_a_time" });
    else if (moment.getTime() > Date.now()) context.addIssue({ code: "custom", message: "in_the_future" });
    return moment;
  });

/** One or more boxes of a form. */
const chosen = <Value extends string>(values: readonly Value[]) =>
  z
    .union([z.array(z.enum(values)), z.enum(values).transform((one) => [one])])
    .default([])
    .transform((list) => [...new Set(list)]);

/** What people say of an incident. */
export const incidentInput = z
  .object({
    knownAt: pastMoment,
    occurredFrom: pastMoment,
    occurredTo: pastMoment,
    effect: z.enum(incidentEffects),
    criteria: chosen(incidentCriteria),
    dataKinds: chosen(incidentDataKinds),
    subjectsEstimated: z.union([
      z.literal("").transform(() => null),
      z.coerce.number().int().min(0).max(1_000_000_000).nullable(),
    ]),
    circumstances: severalLines(10_000, 10),
    risks: text,
    measures: text,
    noticeReason: text,
  })
  .superRefine(({ occurredFrom, occurredTo }, context) => {
    if (occurredFrom !== null && occurredTo !== null && occurredFrom > occurredTo)
      context.addIssue({ code: "custom", path: ["occurredTo"], message: "before_start" });
  });

export type IncidentInput = z.output<typeof incidentInput>;

const orNull = (field: FieldName, value: string) => (value === "" ? null : encryptField(field, value));

/** The columns of what people say, texts encrypted. */
export function incidentColumns({ circumstances, risks, measures, noticeReason, ...facts }: IncidentInput) {
  return {
    ...facts,
    circumstancesEncrypted: encryptField("incident.circumstances", circumstances),
    risksEncrypted: orNull("incident.risks", risks),
    measuresEncrypted: orNull("incident.measures", measures),
    noticeReasonEncrypted: orNull("incident.notice_reason", noticeReason),
  };
}
