import { createHash, randomBytes } from "node:crypto";
import { and, desc, eq, gt, isNull, lte, sql } from "drizzle-orm";
import { newId } from "@/lib/core/new-id";
import type { ReadDatabase, Transaction } from "@/lib/db/client";
import { databaseNow } from "@/lib/db/schema/columns";
import { subjectRequestAnswers, subjectRequestCollections } from "@/lib/db/schema";
import { answerFiles, type AnswerFile } from "@/lib/subject-requests/answer/answer-files";

/** For this time after a fresh code what was answered can be collected. */
export const collectionMinutes = 60;

const digestOf = (token: string) => createHash("sha256").update(token).digest();

/** What a person may collect, and the token that lets them: it stands in forms of that page, never in an address. */
export type Collection = { id: string; token: string; answers: CollectableAnswer[] };

export type CollectableAnswer = { id: string; number: string; issuedAt: Date; collectUntil: Date; files: AnswerFile[] };

/** The answers of a request that can be collected now, latest first. */
export async function collectableAnswers(db: ReadDatabase, requestId: string): Promise<CollectableAnswer[]> {
  const answer = subjectRequestAnswers;
  const rows = await db
    .select()
    .from(answer)
    .where(and(eq(answer.requestId, requestId), gt(answer.collectUntil, databaseNow), isNull(answer.emptiedAt)))
    .orderBy(desc(answer.id));
  return Promise.all(
    rows.map(async (row) => ({
      ...{ id: row.id, number: row.number, issuedAt: row.createdAt, collectUntil: row.collectUntil },
      files: await answerFiles(db, row),
    })),
  );
}

/** Lets whoever has just entered a fresh code collect, and forgets what is over. Null: there is nothing to collect. */
export async function openCollection(tx: Transaction, requestId: string): Promise<Collection | null> {
  const answers = await collectableAnswers(tx, requestId);
  if (answers.length === 0) return null;
  const [id, token] = [newId(), randomBytes(32).toString("base64url")];
  await tx.delete(subjectRequestCollections).where(lte(subjectRequestCollections.expiresAt, databaseNow));
  const expiresAt = sql`${databaseNow} + make_interval(mins => ${collectionMinutes})`;
  await tx.insert(subjectRequestCollections).values({ id, requestId, tokenDigest: digestOf(token), expiresAt });
  return { id, token, answers };
}

/** The request of a collection that is still open. Null for a token that is wrong or over. */
export async function requestOfCollection(
  db: ReadDatabase,
  { collectionId, token }: { collectionId: string; token: string },
): Promise<string | null> {
  const { id, tokenDigest, expiresAt, requestId } = subjectRequestCollections;
  const [row] = await db
    .select({ requestId })
    .from(subjectRequestCollections)
    .where(and(eq(id, collectionId), eq(tokenDigest, digestOf(token)), gt(expiresAt, databaseNow)));
  return row?.requestId ?? null;
}
