import { severalLines } from "@/lib/core/text-input";
import { and, eq, sql } from "drizzle-orm";
import { z } from "zod";
import { encryptField } from "@/lib/core/crypto/field-encryption";
import { AppError } from "@/lib/core/errors";
import type { Transaction } from "@/lib/db/client";
import { subjectRequestIdentityChecks, subjectRequestRights, subjectRequests } from "@/lib/db/schema";
import { identityMethods, seenDocuments } from "@/lib/db/schema/subject-request-words";
import { auditEvent } from "@/lib/operation/audit-event";
import { command } from "@/lib/operation/operation";
import { levelOfMethod } from "@/lib/subject-requests/identity/identity-methods";
import { coveredIdentifiers } from "@/lib/subject-requests/covered-identifiers";
import { lockRequest, takeStep, targetOf, type LockedRequest } from "@/lib/subject-requests/process-steps";
import { requiredLevel } from "@/lib/subject-requests/rights";
import { mayTake } from "@/lib/subject-requests/transitions";

const checkInput = z
  .strictObject({
    requestId: z.uuid(),
    /** The key of the form: a form that is sent twice records one check. */
    checkId: z.uuid(),
    method: z.enum(identityMethods),
    document: z.enum(seenDocuments).optional(),
    /** The last three characters of its number. No more is kept (LGPD Art. 6, III). */
    documentTail: z
      .string()
      .trim()
      .toUpperCase()
      .regex(/^[0-9A-Z]{3}$/)
      .optional(),
    /** What was compared with what. */
    note: severalLines(2000, 10),
  })
  .refine(({ document, documentTail }) => document !== undefined || documentTail === undefined, {
    path: ["document"],
    message: "required",
  });

/**
 * Records how somebody made sure of who asks. Every right whose level is reached passes to triage; the others wait for
 * a better proof. It may also only cover identifiers that a search leaves out.
 * @throws AppError `not_found`; `conflict` if no right waits for a proof and no identifier does; `invalid_input` for a
 * method that reaches the level of none of them, or that proves no such person.
 */
export const confirmIdentity = command({
  permission: "subject-request:work",
  input: checkInput,
  audits: ["subject_request.identity_checked", "subject_request.step_taken"],
  run: async ({ tx, actor, input }) => {
    if (actor.type !== "user") throw new AppError("forbidden");
    const request = await lockRequest(tx, input.requestId);
    const { requestId, checkId, method, document, documentTail, note } = input;
    const result = { requestId, level: levelOfMethod[method] };
    const covered = await coveredIdentifiers(tx, requestId);
    const placed = await tx
      .insert(subjectRequestIdentityChecks)
      .values({
        id: checkId,
        requestId,
        method,
        level: result.level,
        document: document ?? null,
        documentTailEncrypted: documentTail ? encryptField("subject_request.document_tail", documentTail) : null,
        noteEncrypted: encryptField("subject_request.identity_note", note),
        checkedById: actor.userId,
      })
      .onConflictDoNothing()
      .returning({ id: subjectRequestIdentityChecks.id });
    if (placed.length === 0) {
      const { id, requestId: ofRequest } = subjectRequestIdentityChecks;
      const isOfThis = await tx.$count(subjectRequestIdentityChecks, and(eq(id, checkId), eq(ofRequest, requestId)));
      if (isOfThis === 1) return { result, unchanged: true as const };
      throw new AppError("conflict", "this form recorded a check of another request");
    }
    requireRightPerson(request, method);
    const { waiting, isSearched } = await rightsOf(tx, requestId);
    const level = Math.max(request.identityLevel, result.level);
    const proved = waiting.filter(({ right }) => requiredLevel(right, request.requester) <= level);
    if (proved.length === 0 && waiting.length > 0) refuse("level_too_low");
    const coversMore = isSearched && (await coveredIdentifiers(tx, requestId)).size > covered.size;
    if (proved.length === 0 && !coversMore) throw new AppError("conflict", "no right waits, and nothing is left out");
    const identityLevel = sql`greatest(${subjectRequests.identityLevel}, ${result.level}::smallint)`;
    await tx.update(subjectRequests).set({ identityLevel, isUnproven: false }).where(eq(subjectRequests.id, requestId));
    const step = { actor, request, step: "confirm_identity" as const, reason: note };
    const steps = proved.length > 0 ? await takeStep(tx, step, proved) : [];
    const proof = { identityMethod: method, identityLevel: result.level, document: document ?? null };
    const details = { protocol: request.protocol, ...proof };
    const checked = auditEvent("subject_request.identity_checked", { target: targetOf(request), details });
    return { result, audits: [checked, ...steps] };
  },
});

/** The rights that wait for a proof, and whether others are at the search already. */
async function rightsOf(tx: Transaction, requestId: string) {
  const { id, requestId: ofRequest } = subjectRequestRights;
  const all = await tx.select().from(subjectRequestRights).where(eq(ofRequest, requestId)).orderBy(id);
  return {
    waiting: all.filter(({ state }) => mayTake("confirm_identity", state)),
    isSearched: all.some(({ state }) => state === "finding" || mayTake("find", state)),
  };
}

/** Whoever asks for another person shows a mandate; whoever asks for themselves has none to show. */
function requireRightPerson({ requester }: LockedRequest, method: keyof typeof levelOfMethod): void {
  if (requester === "data_subject" && method === "mandate") refuse("not_a_representative");
}

function refuse(reason: "level_too_low" | "not_a_representative"): never {
  throw new AppError("invalid_input", "the method does not prove it", { fields: [{ path: "method", reason }] });
}
