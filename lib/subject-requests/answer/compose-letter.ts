import { and, asc, eq, inArray, or, sql } from "drizzle-orm";
import { currentController } from "@/lib/access/controller/controller-facts";
import { presentedFacts } from "@/lib/access/controller/read-controller";
import { decryptField } from "@/lib/core/crypto/field-encryption";
import { env } from "@/lib/core/env";
import { AppError } from "@/lib/core/errors";
import { localDateTime } from "@/lib/core/time";
import type { ReadDatabase } from "@/lib/db/client";
import { idList } from "@/lib/db/id-list";
import {
  deletionOrders,
  recordings,
  retentionPolicies,
  subjectRequestIdentityChecks,
  subjectRequestMatches,
  subjectRequestSearches,
  subjectRequestSharerTasks,
  units,
} from "@/lib/db/schema";
import type { Locale } from "@/lib/i18n/locales";
import { receiptNumber } from "@/lib/receipts/receipt-number";
import { letterRight } from "@/lib/subject-requests/answer/letter-right";
import { told, type AnsweredRight, type ToldDecision } from "@/lib/subject-requests/answer/told-decisions";
import { lastDayUntil } from "@/lib/core/time";
import { measuresOf } from "@/lib/subject-requests/deciding/measures";
import type { deliveryFormats, LetterContent } from "@/lib/subject-requests/letter/letter-content";
import type { LockedRequest } from "@/lib/subject-requests/process-steps";
import { knownShares } from "@/lib/subject-requests/sharers/known-shares";

type Letter = {
  request: LockedRequest;
  rights: readonly AnsweredRight[];
  number: string;
  issuedAt: Date;
  /** Until when it can be collected, exclusive. */
  collectUntil: Date;
};

/** Below it nobody is told of single calls: see `rights`. */
const levelOfCalls = 2;

/**
 * All that a letter says, from what is decided and done. Nothing is written.
 * @throws AppError `controller_unnamed` while the settings do not say who the controller is.
 */
export async function composeLetter(db: ReadDatabase, letter: Letter): Promise<LetterContent> {
  const { request, rights, number, issuedAt } = letter;
  const facts = presentedFacts((await currentController(db)).facts);
  if (facts.legalName === "") throw new AppError("controller_unnamed", "the controller has no name");
  const identity = await identityOf(db, letter);
  const included = identity.isProved ? await includedRecordings(db, letter) : null;
  const listed = tellsOfCalls(rights) ? (included ?? []) : [];
  const numberOf = new Map(listed.map(({ id }, index) => [id, index + 1]));
  const read = (field: Parameters<typeof decryptField>[0], value: Buffer | null) => value && decryptField(field, value);
  return {
    locale: request.answerLocale as Locale,
    number,
    protocol: request.protocol,
    issuedAt: issuedAt.toISOString(),
    timeZone: request.timeZone,
    controller: { name: facts.legalName, cnpj: facts.cnpj, address: facts.address },
    officer: { name: facts.officerName, email: facts.contactEmail, phone: facts.contactPhone },
    request: {
      receivedAt: request.receivedAt.toISOString(),
      channel: request.channel,
      words: read("subject_request.words", request.wordsEncrypted) || null,
      reference: read("subject_request.authority_reference", request.authorityReferenceEncrypted) || null,
    },
    requester: {
      capacity: request.requester,
      name: read("subject_request.requester_name", request.requesterNameEncrypted),
      subjectName: read("subject_request.subject_name", request.subjectNameEncrypted),
    },
    identity,
    rights: await Promise.all(rights.map((right) => letterRight(db, request, right, numberOf))),
    found: included && foundOf(included),
    recordings: listed.map((row, index) => letterRecording(row, index + 1, dataRecordings(rights))),
    delivery: deliveryOf(letter),
    sharing: declares(rights) ? await knownShares(db, [...dataRecordings(rights)]) : null,
    ...(await sharersOf(db, request.id)),
    backupDays: env().DATABASE_BACKUP_DAYS,
    certificates: await certificatesOf(db, rights),
  };
}

/** Whether the letter says something of single recordings. */
const tellsOfCalls = (rights: readonly AnsweredRight[]) =>
  rights.some(({ process: { right, state }, decisions }) => {
    const isRefusedWhole = decisions.some(({ recordingId, ground }) => recordingId === null && ground !== null);
    return state === "executing" || state === "answered" || state === "closed"
      ? !isRefusedWhole && measuresOf(right).each.length > 0
      : false;
  });

/** Whether the letter is a full declaration. */
const declares = (rights: readonly AnsweredRight[]) =>
  rights.some(({ process, decisions }) => process.right === "full_declaration" && decisions.some(isDelivered));

type Row = NonNullable<Awaited<ReturnType<typeof includedRecordings>>>[number];

/**
 * The recordings that count as the person's, and those that a search for another right excluded after they were
 * decided. Null: nobody searched.
 */
async function includedRecordings(db: ReadDatabase, { request, rights }: Letter) {
  const { requestId } = subjectRequestSearches;
  if ((await db.$count(subjectRequestSearches, eq(requestId, request.id))) === 0) return null;
  const { decision, requestId: ofRequest } = subjectRequestMatches;
  const decidedIds = rights.flatMap(({ decisions }) => decisions.flatMap(({ recordingId }) => recordingId ?? []));
  const isIncluded = eq(decision, "included");
  const isStored = sql`${recordings.state} = 'stored'`;
  return db
    .select({
      id: recordings.id,
      startedAt: subjectRequestMatches.startedAt,
      timeZone: units.timeZone,
      direction: recordings.direction,
      durationMs: recordings.durationMs,
      retainUntil: sql<Date | null>`case when ${isStored} then ${recordings.retainUntil} end`.mapWith(
        recordings.retainUntil,
      ),
      purpose: retentionPolicies.name,
      legalBasis: retentionPolicies.legalBasis,
      showsCalls: sql<boolean>`${request.identityLevel >= levelOfCalls}`,
    })
    .from(subjectRequestMatches)
    .innerJoin(recordings, eq(recordings.id, subjectRequestMatches.recordingId))
    .innerJoin(units, eq(units.id, recordings.unitId))
    .leftJoin(retentionPolicies, eq(retentionPolicies.id, recordings.retentionPolicyId))
    .where(and(eq(ofRequest, request.id), or(isIncluded, sql`${recordings.id} = any(${idList(decidedIds)})`)))
    .orderBy(asc(subjectRequestMatches.startedAt), asc(recordings.id));
}

/** How many they are, and the days of the first and the last call, each in the zone of its unit. */
function foundOf(rows: readonly Row[]): LetterContent["found"] {
  const shown = rows.filter(({ showsCalls }) => showsCalls);
  const days = shown.map(({ startedAt, timeZone }) => localDateTime(startedAt, timeZone).slice(0, 10)).toSorted();
  return { count: rows.length, from: days[0] ?? null, to: days.at(-1) ?? null };
}

/** The recordings whose data is delivered. */
const dataRecordings = (rights: readonly AnsweredRight[]) =>
  new Set(
    rights.flatMap(({ decisions }) => decisions.filter(isDelivered).flatMap(({ recordingId }) => recordingId ?? [])),
  );

const isDelivered = ({ measure }: ToldDecision) => measure === "deliver";

function letterRecording(
  row: Row,
  number: number,
  delivered: ReadonlySet<string>,
): LetterContent["recordings"][number] {
  const { startedAt, timeZone, durationMs, direction, purpose, legalBasis, retainUntil, showsCalls } = row;
  if (!showsCalls) return { number, startedAt: null, timeZone, data: null };
  const data = {
    ...{ direction, purpose, legalBasis },
    durationSeconds: durationMs === null ? null : durationMs / 1000,
    retainedUntil: retainUntil && lastDayUntil(retainUntil, timeZone),
  };
  return { number, startedAt: startedAt.toISOString(), timeZone, data: delivered.has(row.id) ? data : null };
}

/** A proof that reached none of the rights that are answered proves nothing for this letter. */
async function identityOf(db: ReadDatabase, { request, rights }: Letter): Promise<LetterContent["identity"]> {
  const { method, requestId } = subjectRequestIdentityChecks;
  const checks = await db
    .selectDistinct({ method })
    .from(subjectRequestIdentityChecks)
    .where(eq(requestId, request.id));
  const isProved = request.identityLevel > 0 && rights.some(({ process }) => process.state !== "unverified");
  const methods = checks.map((check) => check.method);
  // The better proof has the code in it.
  const isWhole = methods.includes("code_and_facts");
  return { isProved, methods: methods.filter((each) => !isWhole || each !== "code") };
}

/** What is in the package. Null: the letter is all there is. */
function deliveryOf({ request, rights, collectUntil }: Letter): LetterContent["delivery"] {
  const delivered = rights.flatMap(({ process: { right }, decisions }) =>
    decisions.filter(isDelivered).map((decision) => ({ right, audioForm: told(decision).audioForm })),
  );
  if (delivered.length === 0) return null;
  const formats: (typeof deliveryFormats)[number][] = ["letter", "csv", "json", "manifest"];
  if (delivered.some(({ audioForm }) => audioForm !== null)) formats.push("audio");
  if (delivered.some(({ right }) => right === "portability")) formats.push("vcon");
  const isElectronic = request.answerForm === "electronic";
  const until = isElectronic ? lastDayUntil(collectUntil, request.timeZone) : null;
  return { formats, channel: request.answerChannel, collectUntil: until };
}

/** The numbers of the certificates of what was deleted: of orders of which nothing is still to be deleted. */
async function certificatesOf(db: ReadDatabase, rights: readonly AnsweredRight[]): Promise<string[]> {
  const orders = rights.flatMap(({ decisions }) =>
    decisions.flatMap(({ doneAt, deletionOrderId }) => (doneAt && deletionOrderId ? [deletionOrderId] : [])),
  );
  if (orders.length === 0) return [];
  const { id, finishedAt } = deletionOrders;
  const last = sql<Date>`greatest(${finishedAt}, max(${recordings.deletedAt}))`.mapWith(finishedAt);
  const rows = await db
    .select({ id, last })
    .from(deletionOrders)
    .innerJoin(recordings, eq(recordings.deletionOrderId, id))
    .where(inArray(id, [...new Set(orders)]))
    .groupBy(id, finishedAt)
    .having(sql`bool_and(${recordings.state} = 'deleted')`)
    .orderBy(id);
  return rows.map((order) => receiptNumber("order", order.id, order.last));
}

/**
 * Recipients outside the company, and whether somebody of its own staff is still asked. Who of them downloaded
 * something is in the audit log.
 */
async function sharersOf(
  db: ReadDatabase,
  requestId: string,
): Promise<Pick<LetterContent, "sharers" | "isAskingSharers">> {
  const task = subjectRequestSharerTasks;
  const rows = await db.select().from(task).where(eq(task.requestId, requestId)).orderBy(task.id);
  const outside = rows.filter(({ userId }) => userId === null);
  const isAskingSharers = rows.some(({ userId, closedAt }) => userId !== null && closedAt === null);
  const sharers = outside.map((row) => ({
    name: row.recipientEncrypted ? decryptField("subject_request.sharer", row.recipientEncrypted) : "–",
    measure: row.measure,
    notifiedAt: row.notifiedAt?.toISOString() ?? null,
    reason: row.impossibleReasonEncrypted
      ? decryptField("subject_request.sharer_reason", row.impossibleReasonEncrypted)
      : null,
  }));
  return { sharers, isAskingSharers };
}
