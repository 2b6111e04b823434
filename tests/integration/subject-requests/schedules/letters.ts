import { eq, inArray } from "drizzle-orm";
import { decryptField } from "@/lib/core/crypto/field-encryption";
import { database } from "@/lib/db/client";
import { deletionOrders, recordings, subjectRequestAnswers } from "@/lib/db/schema";
import { receiptNumber } from "@/lib/receipts/receipt-number";
import { letterContent, type CheckedContent, type LetterDecision } from "@/lib/subject-requests/letter/letter-content";
import { letterText } from "@/lib/subject-requests/letter/letter-text";
import { letterWords } from "@/lib/subject-requests/letter/letter-words";
import type { Custody, CustodyRow } from "./custody-snapshot";
import type { Schedule } from "./world";

/** A letter as it was kept. */
export type Letter = {
  requestId: string;
  answerId: string;
  issuedBy: string | null;
  content: CheckedContent;
  at: Date;
};

const seen = new Set<string>();

/** The letters of these schedules that were not seen before, in order. */
export async function newLetters(schedules: readonly Schedule[]): Promise<Letter[]> {
  const ids = schedules.flatMap(({ requests }) => requests.map(({ requestId }) => requestId));
  if (ids.length === 0) return [];
  const { requestId, id } = subjectRequestAnswers;
  const rows = await database().select().from(subjectRequestAnswers).where(inArray(requestId, ids)).orderBy(id);
  return rows
    .filter((row) => !seen.has(row.id) && seen.add(row.id))
    .map((row) => ({
      ...{ requestId: row.requestId, answerId: row.id, issuedBy: row.issuedById, at: row.createdAt },
      content: letterContent.parse(JSON.parse(decryptField("subject_request.answer_content", row.contentEncrypted!))),
    }));
}

/** The last day before an instant: São Paulo has kept -03:00 since 2019. */
const lastDayBefore = (until: Date) => new Date(until.getTime() - 3 * 3_600_000 - 1).toISOString().slice(0, 10);
const dayOf = (instant: string | Date) =>
  new Date(new Date(instant).getTime() - 3 * 3_600_000).toISOString().slice(0, 10);

const isKept = ({ state, isHeld, minimumUntil }: CustodyRow, at: Date) =>
  state === "stored" && (isHeld || (minimumUntil !== null && minimumUntil > at));
const keptDay = ({ isHeld }: CustodyRow, until: Date | null) =>
  isHeld || until === null ? null : lastDayBefore(until);

/** What a letter says of one recording, as a condition on what stood in custody. Null: nothing that could be false. */
function claimOf(decision: LetterDecision, at: Date): ((row: CustodyRow) => boolean) | null {
  const { measure, doneAt, isStopped, keptUntil, goneAt, isGoing, isLifted, audioForm } = decision;
  if (measure === "delete" || measure === "delete_later" || measure === "anonymise") {
    if (doneAt !== null) return (row) => row.state === "deleted" && dayOf(row.deletedAt!) === dayOf(doneAt);
    // That something "will be deleted" is said only of what is kept.
    if (measure !== "delete_later" && !isStopped) return () => false;
    return (row) => isKept(row, at) && keptUntil === keptDay(row, row.minimumUntil);
  }
  if (isGoing) return (row) => row.state !== "stored";
  if (measure === "keep" && goneAt !== null)
    return (row) => row.state === "deleted" && dayOf(row.deletedAt!) === dayOf(goneAt);
  if (measure === "keep") return (row) => row.state === "stored" && keptUntil === keptDay(row, row.retainUntil);
  if (measure === "block") return (row) => row.state !== "stored" || (row.blockedAt === null) === isLifted;
  if (measure === "deliver" && audioForm !== null) return (row) => row.state === "stored" && row.blockedAt === null;
  return null;
}

/**
 * Every statement of a letter that was false both before and after the step in which it was written. What was gone a
 * second before the letter was begun may not count as there.
 */
export async function complaintsOfLetter(
  letter: Letter,
  schedule: Schedule,
  states: readonly Custody[],
): Promise<string[]> {
  const { content, at } = letter;
  const complaints: string[] = [];
  const say = (what: string) =>
    complaints.push(`seed ${schedule.seed}, letter ${content.number}: ${what} [${schedule.history.join(", ")}]`);
  const idOf = new Map(
    content.recordings.map(({ number, startedAt }) => [
      number,
      schedule.recordings.find((recording) => recording.startedAt === startedAt)?.id,
    ]),
  );
  const begun = Date.parse(content.issuedAt);
  for (const { right, decisions } of content.rights)
    for (const decision of decisions.filter(({ recording }) => recording !== null)) {
      const rows = states
        .map((state) => state.get(idOf.get(decision.recording!) ?? ""))
        .filter((row) => row !== undefined);
      if (rows.length === 0) say(`${right} tells of another's recording`);
      const isTrue = claimOf(decision, at);
      const couldBe = (row: CustodyRow) =>
        isTrue!(row) &&
        (row.state === "deleted" || !rows.some(({ deletedAt }) => deletedAt && deletedAt.getTime() < begun - 1000));
      if (isTrue && !rows.some(couldBe)) say(`${right}: ${JSON.stringify(decision)} of ${JSON.stringify(rows)}`);
    }
  for (const { startedAt, data } of content.recordings) {
    const recording = schedule.recordings.find((each) => each.startedAt === startedAt);
    const until = states.map((state) => {
      const row = state.get(recording?.id ?? "");
      return row?.state === "stored" ? lastDayBefore(row.retainUntil!) : null;
    });
    if (data && !until.includes(data.retainedUntil)) say(`kept until ${data.retainedUntil}, not ${until.join(" or ")}`);
  }
  sayOutcomes(content, say);
  await sayCounts(content, say);
  await sayCertificates(letter, idOf, say);
  return complaints;
}

const isGoing = ({ measure, recording }: LetterDecision) =>
  recording !== null && ["delete", "delete_later", "anonymise"].includes(measure);

/** A right that is granted has nothing that waits; one that is scheduled has, and its day is the last of all. */
function sayOutcomes({ rights }: CheckedContent, say: (what: string) => void): void {
  for (const { right, outcome, scheduledFor, decisions } of rights) {
    const waiting = decisions.filter((decision) => isGoing(decision) && decision.doneAt === null);
    const days = waiting.map(({ keptUntil }) => keptUntil);
    const last = days.includes(null) ? null : (days.toSorted().at(-1) ?? null);
    if (outcome === "granted" && waiting.length > 0) say(`${right} is granted, and ${waiting.length} wait`);
    if (outcome === "scheduled" && waiting.length === 0) say(`${right} is scheduled, and nothing waits`);
    if (outcome === "scheduled" && scheduledFor !== last) say(`${right} is scheduled for ${scheduledFor}, not ${last}`);
    const kept = decisions.filter(({ measure }) => measure === "keep" || measure === "withhold");
    if (outcome === "granted" && kept.length > 0) say(`${right} is granted, and ${kept.length} are refused`);
  }
}

/** How many the text says are deleted, and are not yet. */
async function sayCounts(content: CheckedContent, say: (what: string) => void): Promise<void> {
  const english = { ...content, locale: "en" as const };
  const text = JSON.stringify(letterText(english, await letterWords("en"), null));
  const counted = (pattern: RegExp) => [...text.matchAll(pattern)].reduce((sum, [, count]) => sum + Number(count), 0);
  const going = content.rights.flatMap(({ decisions }) => decisions.filter(isGoing));
  const done = new Set(going.filter(({ doneAt }) => doneAt !== null).map(({ recording }) => recording));
  const waiting = new Set(going.map(({ recording }) => recording).filter((recording) => !done.has(recording)));
  if (counted(/(\d+) recordings? (?:was|were) deleted\./g) !== done.size)
    say(`the text counts not ${done.size} deleted`);
  if (counted(/(\d+) recordings? will be deleted/g) !== waiting.size)
    say(`the text counts not ${waiting.size} waiting`);
}

/** A certificate is named for each order under which something went that the letter says is deleted, and no other. */
async function sayCertificates(
  { content }: Letter,
  idOf: Map<number, string | undefined>,
  say: (what: string) => void,
) {
  const done = content.rights.flatMap(({ decisions }) =>
    decisions.filter((each) => isGoing(each) && each.doneAt !== null),
  );
  const ids = [...new Set(done.flatMap(({ recording }) => idOf.get(recording!) ?? []))];
  const { deletionOrderId: orderId, deletedAt, id } = recordings;
  const gone = ids.length === 0 ? [] : await database().select({ orderId }).from(recordings).where(inArray(id, ids));
  const orders = [...new Set(gone.flatMap((row) => row.orderId ?? []))];
  const rows =
    orders.length === 0
      ? []
      : await database()
          .select({
            id: orderId,
            deletedAt,
            state: recordings.state,
            reason: deletionOrders.justification,
            finishedAt: deletionOrders.finishedAt,
          })
          .from(recordings)
          .innerJoin(deletionOrders, eq(deletionOrders.id, orderId))
          .where(inArray(orderId, orders));
  const own = Map.groupBy(
    rows.filter(({ reason }) => reason.includes(content.protocol)),
    (row) => row.id!,
  );
  const numbers = [...own].map(([order, of]) => {
    const last = Math.max(...of.map((row) => Math.max(row.deletedAt?.getTime() ?? 0, row.finishedAt!.getTime())));
    return receiptNumber("order", order, new Date(last));
  });
  const unnamed = numbers.filter((number) => !content.certificates.includes(number));
  const unknown = content.certificates.filter((number) => !numbers.includes(number));
  // While another recording of its order is still being deleted, an order has no certificate.
  const isUnfinished = [...own.values()]
    .flat()
    .some(({ deletedAt: at }) => at === null || at > new Date(content.issuedAt));
  if (unknown.length > 0) say(`certificates of nothing: ${unknown.join(", ")}`);
  if (unnamed.length > 0 && !isUnfinished) say(`no certificate ${unnamed.join(", ")}`);
}
