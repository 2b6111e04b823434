import { eq } from "drizzle-orm";
import { z } from "zod";
import { currentController } from "@/lib/access/controller/controller-facts";
import { currentSigningKey } from "@/lib/audit/signing-keys";
import { decryptField } from "@/lib/core/crypto/field-encryption";
import { AppError } from "@/lib/core/errors";
import type { ReadDatabase } from "@/lib/db/client";
import { subjectRequests } from "@/lib/db/schema";
import type { Locale } from "@/lib/i18n/locales";
import { query } from "@/lib/operation/operation";
import { answerOf } from "@/lib/subject-requests/answer/answer-files";
import type { PackageContent } from "@/lib/subject-requests/package/package-content";
import { planPackage } from "@/lib/subject-requests/package/package-plan";
import { deliveredCalls, deliversVcons } from "@/lib/subject-requests/package/package-source";
import { packageStream } from "@/lib/subject-requests/package/package-stream";

/** One ZIP of a package, read as fast as its reader takes it. */
export type OpenedPackage = { stream: ReadableStream<Uint8Array>; part: number; parts: number };

/**
 * Opens the package of an answer: what was delivered under it, with the letter.
 * @param input.part counted from 1; a package of up to 65,535 entries is one ZIP.
 * @throws AppError `not_found`; `conflict` when audio is not ready.
 */
export const openPackage = query({
  permission: "subject-request:execute",
  input: z.object({ requestId: z.uuid(), answerId: z.uuid(), part: z.int().min(1) }),
  run: async ({ db, input }): Promise<OpenedPackage> => {
    const content = await contentOf(db, input);
    const plan = await planPackage(content);
    if (input.part > plan.length) throw new AppError("not_found", "the package has no such part");
    const stream = packageStream(content, { plan, part: input.part, key: currentSigningKey() });
    return { stream, part: input.part, parts: plan.length };
  },
});

async function contentOf(
  db: ReadDatabase,
  { requestId, answerId }: { requestId: string; answerId: string },
): Promise<PackageContent> {
  const answer = await answerOf(db, { requestId, answerId });
  const [request] = await db
    .select({ protocol: subjectRequests.protocol })
    .from(subjectRequests)
    .where(eq(subjectRequests.id, requestId));
  if (!answer || !request) throw new AppError("not_found", "no such answer of the request");
  const delivery = { requestId, processIds: answer.processIds, answeredAt: answer.createdAt };
  const { facts } = await currentController(db, answer.createdAt);
  return {
    ...{ protocol: request.protocol, locale: answer.locale as Locale, createdAt: answer.createdAt },
    controller: facts.legalName,
    letter: Buffer.from(decryptField("subject_request.answer_pdf", answer.pdfEncrypted), "base64"),
    hasVcons: await deliversVcons(db, delivery),
    calls: () => deliveredCalls(db, delivery),
  };
}
