import { eq, sql } from "drizzle-orm";
import { blindIndex } from "@/lib/core/crypto/blind-index";
import { encryptField, type FieldName } from "@/lib/core/crypto/field-encryption";
import { AppError } from "@/lib/core/errors";
import { newId } from "@/lib/core/new-id";
import { instantOf, startOfLocalDayFrom } from "@/lib/core/time";
import type { Transaction } from "@/lib/db/client";
import { subjectRequestIdentifiers, subjectRequestRights, subjectRequests } from "@/lib/db/schema";
import type { IdentifierKind } from "@/lib/db/schema/subject-request-words";
import type { Actor } from "@/lib/operation/actor";
import { auditEvent } from "@/lib/operation/audit-event";
import { nextProtocol } from "@/lib/subject-requests/next-protocol";
import { deadlineOf, dueUntil } from "@/lib/subject-requests/deadlines";
import { recordEvents, targetOf } from "@/lib/subject-requests/process-steps";
import { identifierColumns } from "@/lib/subject-requests/request-identifiers";
import type { PersonFields, RequestFields } from "@/lib/subject-requests/request-input";
import type { RequestSettings } from "@/lib/subject-requests/request-settings";

/** What a form said, by hand or on the public page, with the identifiers that recordings may be found by. */
type Said = PersonFields & Partial<Pick<RequestFields, "authorityReference" | "orderedDueOn">>;

export type Registration = {
  requestId: string;
  channel: (typeof subjectRequests.$inferInsert)["channel"];
  said: Said;
  identifiers: readonly { kind: IdentifierKind; value: string }[];
  receivedAt: Date;
  /** In force at receipt. */
  settings: RequestSettings;
  /** The zone of the day in the protocol number. */
  timeZone: string;
  formDigest: Buffer;
  columns?: Pick<typeof subjectRequests.$inferInsert, "registeredById" | "isUnproven" | "followUpDigest">;
};

/** The digest by which a form that is sent again is told from another with its key. */
export const formDigestOf = (form: unknown) => blindIndex("subject_request_form", JSON.stringify(form));

/**
 * The protocol of a form that was registered before; null if none was. Until `tx` ends, another of the same key waits,
 * so that it takes no number.
 * @throws AppError `conflict` if the key of the form belongs to a request with other content.
 */
export async function registeredBefore(tx: Transaction, requestId: string, formDigest: Buffer) {
  await tx.execute(sql`select pg_advisory_xact_lock(hashtext('custodia request'), hashtext(${requestId}))`);
  const { protocol, formDigest: digest, id } = subjectRequests;
  const [earlier] = await tx.select({ protocol, digest }).from(subjectRequests).where(eq(id, requestId));
  if (!earlier) return null;
  if (earlier.digest?.equals(formDigest)) return earlier.protocol;
  throw new AppError("conflict", "this form registered another request");
}

/**
 * Stores a request with a process for each right.
 * @returns the protocol, and the event for the audit log.
 */
export async function insertRequest(tx: Transaction, actor: Actor, registration: Registration) {
  const { requestId, channel, said, receivedAt, settings, formDigest, columns } = registration;
  const processes = processRows(registration);
  const person = personColumns(said);
  const identifiers = registration.identifiers.map(({ kind, value }) => identifierColumns(kind, value));
  const protocol = await nextProtocol(tx, registration.timeZone);
  await tx.insert(subjectRequests).values({
    ...person,
    ...columns,
    id: requestId,
    protocol,
    channel,
    receivedAt,
    formDigest,
    timeZone: settings.timeZone,
    dueUntil: new Date(Math.min(...processes.map((process) => process.dueUntil.getTime()))),
  });
  await tx.insert(subjectRequestRights).values(processes);
  if (identifiers.length > 0)
    await tx.insert(subjectRequestIdentifiers).values(identifiers.map((row) => ({ id: newId(), requestId, ...row })));
  await recordEvents(tx, actor, requestId, [{ kind: "registered" }]);
  const { requester, rights } = said;
  const details = { protocol, channel, requester, rights, receivedAt: receivedAt.toISOString() };
  return {
    protocol,
    event: auditEvent("subject_request.registered", { target: targetOf({ id: requestId }), details }),
  };
}

/** One process for each right. An authority's day replaces the clocks. */
function processRows({ requestId, said, receivedAt, settings }: Registration) {
  const { timeZone } = settings;
  return said.rights.map((right) => {
    const { days, kind, source } = deadlineOf(right, settings);
    const row = { id: newId(), requestId, right, days };
    if (!said.orderedDueOn)
      return { ...row, deadlineKind: kind, deadlineSource: source, dueUntil: dueUntil(receivedAt, days, timeZone) };
    const noon = instantOf(`${said.orderedDueOn}T12:00:00`, timeZone);
    const ordered = { deadlineKind: "order" as const, deadlineSource: "Prazo fixado pela autoridade" };
    return { ...row, ...ordered, dueUntil: startOfLocalDayFrom(noon, 1, timeZone) };
  });
}

function personColumns(said: Said) {
  return {
    requester: said.requester,
    periodFrom: said.periodFrom,
    periodTo: said.periodTo,
    answerChannel: said.answerChannel,
    answerForm: said.answerForm,
    answerLocale: said.answerLocale,
    orderedDueOn: said.orderedDueOn,
    subjectNameEncrypted: sealed("subject_request.subject_name", said.subjectName),
    requesterNameEncrypted: sealed("subject_request.requester_name", said.requesterName),
    authorityReferenceEncrypted: sealed("subject_request.authority_reference", said.authorityReference),
    wordsEncrypted: sealed("subject_request.words", said.words),
    answerAddressEncrypted: sealed("subject_request.answer_address", said.answerAddress),
  };
}

const sealed = (field: FieldName, text: string | undefined) => (text === undefined ? null : encryptField(field, text));
