import { createHash } from "node:crypto";
import { and, eq, inArray, sql } from "drizzle-orm";
import { encryptField } from "@/lib/core/crypto/field-encryption";
import { env } from "@/lib/core/env";
import { AppError } from "@/lib/core/errors";
import { newId } from "@/lib/core/new-id";
import { endOfPeriod } from "@/lib/core/time";
import type { ReadDatabase, Transaction } from "@/lib/db/client";
import { derivedRecordings, subjectRequestAnswers, subjectRequests } from "@/lib/db/schema";
import { queueAnswerReady } from "@/lib/subject-requests/answer/answer-message";
import { composeLetter } from "@/lib/subject-requests/answer/compose-letter";
import { told, type AnsweredRight } from "@/lib/subject-requests/answer/told-decisions";
import { lastDayUntil } from "@/lib/core/time";
import { issueLetter, type IssuedLetter } from "@/lib/subject-requests/letter/render-letter";
import type { LockedRequest } from "@/lib/subject-requests/process-steps";
import { readDatabaseTime } from "@/lib/db/database-time";

/** Which rights a letter answers, and what is decided of them. */
export type RightsOf = (db: ReadDatabase, requestId: string) => Promise<AnsweredRight[]>;

/** A letter that was written before the transaction, in which `digest` must still be true. */
export type WrittenAnswer = {
  letter: IssuedLetter;
  content: string;
  number: string;
  collectUntil: Date;
  digest: string;
};

/** Writes the letter of these rights. Null: there is none. @throws AppError `not_found`, and as `composeLetter`. */
export async function writeAnswer(
  db: ReadDatabase,
  requestId: string,
  rightsOf: RightsOf,
): Promise<WrittenAnswer | null> {
  const [request] = await db.select().from(subjectRequests).where(eq(subjectRequests.id, requestId));
  if (!request) throw new AppError("not_found", "no such request");
  const rights = await rightsOf(db, requestId);
  if (rights.length === 0) return null;
  const issuedAt = await readDatabaseTime(db);
  const days = env().SUBJECT_REQUEST_COLLECTION_DAYS;
  const collectUntil = endOfPeriod(issuedAt, { value: days, unit: "day" }, request.timeZone);
  const number = await nextNumber(db, request);
  const content = await composeLetter(db, { request, rights, number, issuedAt, collectUntil });
  const digest = digestOf(request, rights);
  return { letter: await issueLetter(content), content: JSON.stringify(content), number, collectUntil, digest };
}

/**
 * Keeps a letter of a locked request, and tells the person where their channel allows.
 * @returns its id, and the rights that it answers.
 * @throws AppError `conflict` if something was decided, done or answered while it was written.
 */
export async function keepAnswer(
  tx: Transaction,
  request: LockedRequest,
  { letter, content, number, collectUntil, digest }: WrittenAnswer,
  { rightsOf, issuedById }: { rightsOf: RightsOf; issuedById: string | null },
): Promise<{ answerId: string; rights: AnsweredRight[] }> {
  const rights = await rightsOf(tx, request.id);
  if (digestOf(request, rights) !== digest || (await nextNumber(tx, request)) !== number)
    throw new AppError("conflict", "something changed while the letter was written");
  const answerId = newId();
  await tx.insert(subjectRequestAnswers).values({
    ...{ id: answerId, requestId: request.id, number, collectUntil, locale: request.answerLocale, issuedById },
    processIds: rights.map(({ process }) => process.id),
    contentEncrypted: encryptField("subject_request.answer_content", content),
    pdfEncrypted: encryptField("subject_request.answer_pdf", letter.pdf.toString("base64")),
    pdfSha256: createHash("sha256").update(letter.pdf).digest(),
    statement: letter.statement,
  });
  await keepAudio(tx, request, collectUntil);
  await queueAnswerReady(tx, request, { answerId, collectUntil });
  return { answerId, rights };
}

/** What was prepared is kept for as long as it can be collected. */
async function keepAudio(tx: Transaction, { id, timeZone }: LockedRequest, collectUntil: Date): Promise<void> {
  const { keepUntil, requestId, state } = derivedRecordings;
  const lastDay = lastDayUntil(collectUntil, timeZone);
  await tx
    .update(derivedRecordings)
    .set({ keepUntil: sql`greatest(${keepUntil}, ${lastDay}::date)` })
    .where(and(eq(requestId, id), inArray(state, ["waiting", "storing", "ready"])));
}

async function nextNumber(db: ReadDatabase, { id, protocol }: LockedRequest): Promise<string> {
  return `${protocol}-R${(await db.$count(subjectRequestAnswers, eq(subjectRequestAnswers.requestId, id))) + 1}`;
}

/** What a letter is written from. */
function digestOf(request: LockedRequest, rights: readonly AnsweredRight[]): string {
  const facts = rights.map(({ process, decisions }) => [
    ...[process.id, process.state, process.outcome, process.scheduledFor],
    ...decisions.map((decision) => [decision.id, decision.custody?.retainUntil, told(decision)]),
  ]);
  return createHash("sha256")
    .update(JSON.stringify([request.identityLevel, facts]))
    .digest("hex");
}
