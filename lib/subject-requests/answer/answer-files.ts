import { and, eq, inArray, isNotNull, lt } from "drizzle-orm";
import type { ReadDatabase } from "@/lib/db/client";
import { subjectRequestAnswers, subjectRequestDecisions } from "@/lib/db/schema";
import { decidedAt } from "@/lib/subject-requests/decision-rows";
import { mostEntries, planPackage } from "@/lib/subject-requests/package/package-plan";
import { deliveredCalls, deliversVcons } from "@/lib/subject-requests/package/package-source";

export const answerFileKinds = ["letter", "statement", "package", "certificate"] as const;

/** One file of an answer. */
export type AnswerFile = {
  kind: (typeof answerFileKinds)[number];
  /** The order of a certificate; null for the others. */
  orderId: string | null;
  /** Of a package of several ZIPs, counted from 1. */
  part: number;
};

type Answer = typeof subjectRequestAnswers.$inferSelect;
type Told = Pick<Answer, "requestId" | "processIds" | "createdAt">;

/**
 * The files of an answer: the letter, what proves it offline, the package if something is delivered, and a certificate
 * for each order under which something had been deleted. What is decided or done later is of a later answer.
 */
export async function answerFiles(db: ReadDatabase, answer: Told): Promise<AnswerFile[]> {
  const { processIds, createdAt } = answer;
  const { measure, deletionOrderId, doneAt, processId } = subjectRequestDecisions;
  const rows = await db
    .selectDistinct({ measure, orderId: deletionOrderId })
    .from(subjectRequestDecisions)
    .where(and(inArray(processId, processIds), decidedAt(createdAt), lt(doneAt, createdAt)));
  const file = (kind: AnswerFile["kind"], orderId: string | null = null, part = 1) => ({ kind, orderId, part });
  const packages = rows.some((row) => row.measure === "deliver") ? await partsOf(db, answer) : [];
  const orders = [...new Set(rows.flatMap(({ orderId }) => orderId ?? []))].toSorted();
  return [
    ...[file("letter"), file("statement")],
    ...packages.map((part) => file("package", null, part)),
    ...orders.map((orderId) => file("certificate", orderId)),
  ];
}

/** Each delivered recording has at most its audio and its vCon as files. */
async function partsOf(db: ReadDatabase, { requestId, processIds, createdAt }: Told): Promise<number[]> {
  const { measure, processId, recordingId } = subjectRequestDecisions;
  const isDelivered = and(
    and(inArray(processId, processIds), eq(measure, "deliver")),
    and(decidedAt(createdAt), isNotNull(recordingId)),
  );
  const delivered = await db.$count(subjectRequestDecisions, isDelivered);
  if (2 * delivered < mostEntries - 10) return [1];
  const delivery = { requestId, processIds, answeredAt: createdAt };
  const content = { calls: () => deliveredCalls(db, delivery), hasVcons: await deliversVcons(db, delivery) };
  return (await planPackage(content)).map((_, index) => index + 1);
}

/** One answer of a request. Null if the request has no such answer, or it was emptied. */
export async function answerOf(
  db: ReadDatabase,
  { requestId, answerId }: { requestId: string; answerId: string },
): Promise<(Answer & { pdfEncrypted: Buffer; contentEncrypted: Buffer }) | null> {
  const { id, requestId: ofRequest } = subjectRequestAnswers;
  const [row] = await db
    .select()
    .from(subjectRequestAnswers)
    .where(and(eq(id, answerId), eq(ofRequest, requestId)));
  if (!row?.pdfEncrypted || !row.contentEncrypted) return null;
  return { ...row, pdfEncrypted: row.pdfEncrypted, contentEncrypted: row.contentEncrypted };
}
