import { severalLines } from "@/lib/core/text-input";
import { z } from "zod";
import { lockOpenIncident, targetOf } from "@/lib/compliance/incidents/locked-incident";
import { encryptField } from "@/lib/core/crypto/field-encryption";
import { env } from "@/lib/core/env";
import { AppError } from "@/lib/core/errors";
import { calendarDay, instantOf } from "@/lib/core/time";
import { incidentNotices } from "@/lib/db/schema";
import { incidentNoticeKinds } from "@/lib/db/schema/incidents";
import { auditEvent } from "@/lib/operation/audit-event";
import { command } from "@/lib/operation/operation";

/**
 * Records a notice that was given: to the ANPD, its complement, to the persons, or to the public. The portal does not
 * send it. It never changes; the same form again changes nothing.
 * @throws AppError `invalid_input`, `not_found`; `conflict` once the incident is closed.
 */
export const recordNotice = command({
  permission: "incident:manage",
  input: z.object({
    noticeId: z.uuid(),
    incidentId: z.uuid(),
    kind: z.enum(incidentNoticeKinds),
    /** A local time in the controller's zone. */
    sentAt: z
      .string()
      .regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d/, "not_a_time")
      .transform((value) => instantOf(value, env().CONTROLLER_TIME_ZONE))
      .refine((moment) => !Number.isNaN(moment.getTime()), "not_a_time")
      .refine((moment) => moment.getTime() <= Date.now(), "in_the_future"),
    shownUntil: z.union([calendarDay, z.literal("").transform(() => null)]).prefault(""),
    subjectsTold: z
      .union([z.literal("").transform(() => null), z.coerce.number().int().min(0).max(1_000_000_000)])
      .prefault(""),
    reference: severalLines(500, 0).default(""),
    text: severalLines(20_000, 10),
  }),
  audits: ["incident.notice_recorded"],
  run: async ({ tx, actor, input: { noticeId: id, incidentId, reference, text, ...notice } }) => {
    if (actor.type !== "user") throw new AppError("forbidden");
    const { number } = await lockOpenIncident(tx, incidentId);
    const added = await tx
      .insert(incidentNotices)
      .values({
        ...{ id, incidentId, ...notice, recordedById: actor.userId },
        referenceEncrypted: reference === "" ? null : encryptField("incident.notice_reference", reference),
        textEncrypted: encryptField("incident.notice_text", text),
      })
      .onConflictDoNothing()
      .returning({ id: incidentNotices.id });
    if (added.length === 0) return { result: { incidentId }, unchanged: true as const };
    const details = {
      number,
      noticeKind: notice.kind,
      sentAt: notice.sentAt.toISOString(),
      subjectsTold: notice.subjectsTold,
    };
    const target = targetOf(incidentId);
    return { result: { incidentId }, audits: [auditEvent("incident.notice_recorded", { target, details })] };
  },
});
