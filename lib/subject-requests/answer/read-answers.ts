import { eq } from "drizzle-orm";
import { z } from "zod";
import { subjectRequestAnswers, users } from "@/lib/db/schema";
import { query } from "@/lib/operation/operation";
import { answerableRights } from "@/lib/subject-requests/answer/answerable-rights";
import { answerFiles } from "@/lib/subject-requests/answer/answer-files";

/** The letters of a request, in order, and the rights that another could answer now. */
export const readAnswers = query({
  permission: "subject-request:read",
  input: z.object({ requestId: z.uuid() }),
  run: async ({ db, input: { requestId } }) => {
    const answer = subjectRequestAnswers;
    const rows = await db
      .select({ answer, issuedBy: users.name })
      .from(answer)
      .leftJoin(users, eq(users.id, answer.issuedById))
      .where(eq(answer.requestId, requestId))
      .orderBy(answer.id);
    const answers = await Promise.all(
      rows.map(async ({ answer: row, issuedBy }) => ({
        ...{ id: row.id, number: row.number, issuedAt: row.createdAt, collectUntil: row.collectUntil, issuedBy },
        sha256: row.pdfSha256.toString("hex"),
        files: row.emptiedAt ? [] : await answerFiles(db, row),
      })),
    );
    const ready = (await answerableRights(db, requestId)).map(({ process }) => process.right);
    return { answers, ready };
  },
});

export type Answers = Awaited<ReturnType<typeof readAnswers>>;
