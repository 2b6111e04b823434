import { createHash } from "node:crypto";
import { and, eq, isNull } from "drizzle-orm";
import { z } from "zod";
import { blindIndex } from "@/lib/core/crypto/blind-index";
import { encryptField } from "@/lib/core/crypto/field-encryption";
import { newId } from "@/lib/core/new-id";
import type { Transaction } from "@/lib/db/client";
import { subjectRequestMandateParts, subjectRequestMandates } from "@/lib/db/schema";
import { auditEvent } from "@/lib/operation/audit-event";
import { command } from "@/lib/operation/operation";
import { mostMandateBytes, sniffMandate } from "@/lib/subject-requests/mandates/mandate-file";
import { mandateProblem, ownMandates, requireRoom } from "@/lib/subject-requests/mandates/own-mandates";
import { recordEvents, targetOf } from "@/lib/subject-requests/process-steps";
import { findOwnRequest, ownRequestFields } from "@/lib/subject-requests/public-page/own-request";

const partBytes = 512 * 1024;

/**
 * Keeps a document that gives the power to ask for another person, encrypted, until the request is closed. A file that
 * is sent again is one document.
 * @returns the documents of the request.
 * @throws AppError `invalid_input` with `required`, `too_big`, `not_pdf_or_jpeg`, `not_a_representative`,
 * `request_ended` or `too_many_files`; `too_many_requests`.
 */
export const attachMandate = command({
  permission: "subject-request:follow-own",
  input: z.object({ ...ownRequestFields, content: z.custom<Buffer>((value) => Buffer.isBuffer(value)) }),
  audits: ["subject_request.follow_up_refused", "subject_request.mandate_attached"],
  run: async ({ tx, actor, input, context }) => {
    const { content } = input;
    const mediaType = readType(content);
    const { request, refused } = await findOwnRequest(tx, input, context);
    if (!request) return refused;
    const contentDigest = digestOf(content);
    if (await isAttached(tx, request.id, contentDigest))
      return { result: await ownMandates(tx, request), unchanged: true as const };
    await requireRoom(tx, request);
    const file = { mediaType, sizeBytes: content.length };
    const mandateId = newId();
    await tx.insert(subjectRequestMandates).values({ id: mandateId, requestId: request.id, ...file, contentDigest });
    for (let number = 1; (number - 1) * partBytes < content.length; number += 1) {
      const part = content.subarray((number - 1) * partBytes, number * partBytes);
      const contentEncrypted = encryptField("subject_request.mandate", part.toString("base64"));
      await tx.insert(subjectRequestMandateParts).values({ mandateId, number, contentEncrypted });
    }
    await recordEvents(tx, actor, request.id, [{ kind: "mandate_attached" }]);
    const details = { protocol: request.protocol, sizeBytes: content.length, contentType: mediaType };
    const attached = auditEvent("subject_request.mandate_attached", { target: targetOf(request), details });
    return { result: await ownMandates(tx, request), audits: [attached] as const };
  },
});

function readType(content: Buffer) {
  if (content.length === 0) throw mandateProblem("required");
  if (content.length > mostMandateBytes) throw mandateProblem("too_big");
  const mediaType = sniffMandate(content);
  if (mediaType === null) throw mandateProblem("not_pdf_or_jpeg");
  return mediaType;
}

const digestOf = (content: Buffer) =>
  blindIndex("subject_request_mandate", createHash("sha256").update(content).digest("hex"));

async function isAttached(tx: Transaction, requestId: string, digest: Buffer): Promise<boolean> {
  const { requestId: ofRequest, contentDigest, purgedAt } = subjectRequestMandates;
  const same = and(eq(ofRequest, requestId), eq(contentDigest, digest), isNull(purgedAt));
  return (await tx.$count(subjectRequestMandates, same)) > 0;
}
