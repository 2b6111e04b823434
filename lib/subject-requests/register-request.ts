import { eq, sql } from "drizzle-orm";
import type { z } from "zod";
import { blindIndex } from "@/lib/core/crypto/blind-index";
import { encryptField, type FieldName } from "@/lib/core/crypto/field-encryption";
import { AppError } from "@/lib/core/errors";
import { newId } from "@/lib/core/new-id";
import { instantOf, localDateTime, startOfLocalDayFrom } from "@/lib/core/time";
import type { Transaction } from "@/lib/db/client";
import {
  subjectRequestCounts,
  subjectRequestIdentifiers,
  subjectRequestRights,
  subjectRequests,
} from "@/lib/db/schema";
import { auditEvent } from "@/lib/operation/audit-event";
import { command } from "@/lib/operation/operation";
import { deadlineOf, dueUntil } from "@/lib/subject-requests/deadlines";
import { recordEvents, targetOf } from "@/lib/subject-requests/process-steps";
import { protocolNumber } from "@/lib/subject-requests/protocol-number";
import { identifierColumns } from "@/lib/subject-requests/request-identifiers";
import { receiptOf, requestInput, type RequestFields } from "@/lib/subject-requests/request-input";
import { requestSettings, type RequestSettings } from "@/lib/subject-requests/request-settings";

/**
 * Registers a request that came by phone, letter, e-mail, at the counter, or from an authority. Its clocks start at
 * receipt, which may be earlier, and count by the settings in force then. A form that is sent again gives the protocol
 * of the first time.
 * @throws AppError `invalid_input` for a receipt in the future; `conflict` if the key of the form registered another.
 */
export const registerRequest = command({
  permission: "subject-request:register",
  input: requestInput,
  audits: ["subject_request.registered"],
  run: async ({ tx, actor, input }) => {
    if (actor.type !== "user") throw new AppError("forbidden");
    const { requestId } = input;
    // Two of one form are served one behind the other, so that the second takes no number.
    await tx.execute(sql`select pg_advisory_xact_lock(hashtext('custodia request'), hashtext(${requestId}))`);
    const formDigest = blindIndex("subject_request_form", JSON.stringify(input));
    const earlier = await registeredBefore(tx, requestId, formDigest);
    if (earlier) return { result: { requestId, protocol: earlier }, unchanged: true as const };
    const { timeZone } = await requestSettings(tx);
    const receivedAt = requireReceipt(input, timeZone);
    const settings = await requestSettings(tx, receivedAt);
    const protocol = await nextProtocol(tx, timeZone);
    const processes = processRows(input, receivedAt, settings);
    await tx.insert(subjectRequests).values({
      ...requestColumns(input),
      id: requestId,
      protocol,
      receivedAt,
      formDigest,
      registeredById: actor.userId,
      timeZone: settings.timeZone,
      dueUntil: new Date(Math.min(...processes.map((process) => process.dueUntil.getTime()))),
    });
    await tx.insert(subjectRequestRights).values(processes);
    const identifiers = input.identifiers.map(({ kind, value }) => identifierColumns(kind, value));
    if (identifiers.length > 0)
      await tx.insert(subjectRequestIdentifiers).values(identifiers.map((row) => ({ id: newId(), requestId, ...row })));
    await recordEvents(tx, actor, requestId, [{ kind: "registered" }]);
    const { channel, requester, rights } = input;
    const details = { protocol, channel, requester, rights, receivedAt: receivedAt.toISOString() };
    const target = targetOf({ id: requestId });
    return { result: { requestId, protocol }, audits: [auditEvent("subject_request.registered", { target, details })] };
  },
});

export type RegisterRequestInput = z.input<typeof requestInput>;

/** @throws AppError `conflict` if the key of the form belongs to a request with other content. */
async function registeredBefore(tx: Transaction, requestId: string, formDigest: Buffer): Promise<string | null> {
  const { protocol, formDigest: digest, id } = subjectRequests;
  const [earlier] = await tx.select({ protocol, digest }).from(subjectRequests).where(eq(id, requestId));
  if (!earlier) return null;
  if (earlier.digest?.equals(formDigest)) return earlier.protocol;
  throw new AppError("conflict", "this form registered another request");
}

function requireReceipt(input: RequestFields, timeZone: string): Date {
  const receivedAt = receiptOf(input, timeZone, new Date());
  if (receivedAt && (input.orderedDueOn ?? "9999") >= localDateTime(receivedAt, timeZone).slice(0, 10))
    return receivedAt;
  const fields = [{ path: receivedAt ? "orderedDueOn" : "receivedAt", reason: "out_of_range" }];
  throw new AppError("invalid_input", "received in the future or before the LGPD, or due before it", { fields });
}

/** The number of the day's next request. The row of the day is locked until `tx` ends, so that no number is skipped. */
async function nextProtocol(tx: Transaction, timeZone: string): Promise<string> {
  const day = localDateTime(new Date(), timeZone).slice(0, 10);
  const { registered } = subjectRequestCounts;
  const [count] = await tx
    .insert(subjectRequestCounts)
    .values({ day, registered: 1 })
    .onConflictDoUpdate({ target: subjectRequestCounts.day, set: { registered: sql`${registered} + 1` } })
    .returning({ registered });
  return protocolNumber(day, count!.registered);
}

/** One process for each right. An authority's day replaces the clocks. */
function processRows(input: RequestFields, receivedAt: Date, settings: RequestSettings) {
  const { timeZone } = settings;
  return input.rights.map((right) => {
    const { days, kind, source } = deadlineOf(right, settings);
    const row = { id: newId(), requestId: input.requestId, right, days };
    if (!input.orderedDueOn)
      return { ...row, deadlineKind: kind, deadlineSource: source, dueUntil: dueUntil(receivedAt, days, timeZone) };
    const noon = instantOf(`${input.orderedDueOn}T12:00:00`, timeZone);
    const ordered = { deadlineKind: "order" as const, deadlineSource: "Prazo fixado pela autoridade" };
    return { ...row, ...ordered, dueUntil: startOfLocalDayFrom(noon, 1, timeZone) };
  });
}

function requestColumns(input: RequestFields) {
  return {
    channel: input.channel,
    requester: input.requester,
    periodFrom: input.periodFrom,
    periodTo: input.periodTo,
    answerChannel: input.answerChannel,
    answerForm: input.answerForm,
    answerLocale: input.answerLocale,
    orderedDueOn: input.orderedDueOn,
    subjectNameEncrypted: sealed("subject_request.subject_name", input.subjectName),
    requesterNameEncrypted: sealed("subject_request.requester_name", input.requesterName),
    authorityReferenceEncrypted: sealed("subject_request.authority_reference", input.authorityReference),
    wordsEncrypted: sealed("subject_request.words", input.words),
    answerAddressEncrypted: sealed("subject_request.answer_address", input.answerAddress),
  };
}

const sealed = (field: FieldName, text: string | undefined) => (text === undefined ? null : encryptField(field, text));
