import { and, eq, isNull } from "drizzle-orm";
import { z } from "zod";
import { decryptField } from "@/lib/core/crypto/field-encryption";
import { AppError } from "@/lib/core/errors";
import { subjectRequestMandateParts, subjectRequestMandates } from "@/lib/db/schema";
import { auditEvent } from "@/lib/operation/audit-event";
import { command, query } from "@/lib/operation/operation";
import { lockRequest, recordEvents, targetOf } from "@/lib/subject-requests/process-steps";

/**
 * Lets somebody at the desk download a document that a representative attached.
 * @throws AppError `not_found` for one of another request, or one that is gone.
 */
export const takeMandate = command({
  permission: "subject-request:work",
  input: z.object({ requestId: z.uuid(), mandateId: z.uuid() }),
  audits: ["subject_request.mandate_taken"],
  run: async ({ tx, actor, input: { requestId, mandateId } }) => {
    const request = await lockRequest(tx, requestId);
    const { id, requestId: ofRequest, purgedAt } = subjectRequestMandates;
    const [mandate] = await tx
      .select()
      .from(subjectRequestMandates)
      .where(and(eq(id, mandateId), eq(ofRequest, requestId), isNull(purgedAt)));
    if (!mandate) throw new AppError("not_found", "no such document of the request");
    await recordEvents(tx, actor, requestId, [{ kind: "mandate_taken" }]);
    const { mediaType, sizeBytes } = mandate;
    const details = { protocol: request.protocol, sizeBytes, contentType: mediaType };
    const taken = auditEvent("subject_request.mandate_taken", { target: targetOf(request), details });
    return { result: { mandateId, mediaType, sizeBytes, protocol: request.protocol }, audits: [taken] as const };
  },
});

export type TakenMandate = Awaited<ReturnType<typeof takeMandate>>;

/** A piece of a document, for a download that was recorded. Null after the last. */
export const readMandatePart = query({
  permission: "subject-request:work",
  input: z.object({ mandateId: z.uuid(), number: z.int().min(1) }),
  run: async ({ db, input: { mandateId, number } }) => {
    const { contentEncrypted, mandateId: ofMandate, number: place } = subjectRequestMandateParts;
    const [part] = await db
      .select({ contentEncrypted })
      .from(subjectRequestMandateParts)
      .where(and(eq(ofMandate, mandateId), eq(place, number)));
    return part ? Buffer.from(decryptField("subject_request.mandate", part.contentEncrypted), "base64") : null;
  },
});
