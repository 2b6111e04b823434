import { z } from "zod";
import { decryptField } from "@/lib/core/crypto/field-encryption";
import { AppError } from "@/lib/core/errors";
import type { Transaction } from "@/lib/db/client";
import type { Actor } from "@/lib/operation/actor";
import { auditEvent } from "@/lib/operation/audit-event";
import { command } from "@/lib/operation/operation";
import { answerFileKinds, answerFiles, answerOf } from "@/lib/subject-requests/answer/answer-files";
import { requestOfCollection } from "@/lib/subject-requests/answer/collection";
import { lockRequest, recordEvents, targetOf } from "@/lib/subject-requests/process-steps";
import { readDatabaseTime } from "@/lib/db/database-time";

const file = {
  answerId: z.uuid(),
  kind: z.enum(answerFileKinds),
  /** Of a certificate. */
  orderId: z.uuid().optional(),
  /** Of a package of several, counted from 1. */
  part: z.coerce.number().int().min(1).max(10_000).default(1),
};

const collected = z.object({ ...file, collectionId: z.uuid(), token: z.string().min(1).max(100) });
const handedOver = z.object({ ...file, requestId: z.uuid() });

type Wanted = z.output<z.ZodObject<typeof file>>;

/** What the response is made of. The package and certificates are read as fast as the reader takes them. */
export type TakenFile = {
  requestId: string;
  answerId: string;
  number: string;
  locale: string;
  kind: Wanted["kind"];
  orderId: string | null;
  part: number;
  pdf: Buffer;
  statement: string;
};

/**
 * A file of an answer, for the person who entered a fresh code.
 * @throws AppError `expired` for a collection that is over or never was; `not_found`.
 */
export const collectAnswerFile = command({
  permission: "subject-request:follow-own",
  input: collected,
  audits: ["subject_request.answer_taken"],
  run: async ({ tx, actor, input }) => {
    const requestId = await requestOfCollection(tx, input);
    if (requestId === null) throw new AppError("expired", "no such collection, or it is over");
    return take(tx, actor, requestId, { ...input, isCollected: true });
  },
});

/** A file of an answer, for the desk, which prints or hands it over. @throws AppError `not_found`. */
export const takeAnswerFile = command({
  permission: "subject-request:work",
  input: handedOver,
  audits: ["subject_request.answer_taken"],
  run: ({ tx, actor, input }) => take(tx, actor, input.requestId, { ...input, isCollected: false }),
});

async function take(tx: Transaction, actor: Actor, requestId: string, wanted: Wanted & { isCollected: boolean }) {
  const request = await lockRequest(tx, requestId);
  const { answerId, kind, orderId = null, part, isCollected } = wanted;
  const answer = await answerOf(tx, { requestId, answerId });
  if (answer === null) throw new AppError("not_found", "no such answer of the request");
  if (isCollected && answer.collectUntil <= (await readDatabaseTime(tx)))
    throw new AppError("expired", "the answer was to be collected before");
  const files = await answerFiles(tx, answer);
  if (!files.some((found) => found.kind === kind && found.orderId === orderId)) throw new AppError("not_found");
  await recordEvents(tx, actor, requestId, [{ kind: isCollected ? "answer_collected" : "answer_taken" }]);
  const result: TakenFile = {
    ...{ requestId, answerId, kind, orderId, part, number: answer.number, locale: answer.locale },
    pdf: Buffer.from(decryptField("subject_request.answer_pdf", answer.pdfEncrypted), "base64"),
    statement: answer.statement,
  };
  const details = { protocol: request.protocol, number: answer.number, answerFile: kind };
  const taken = auditEvent("subject_request.answer_taken", { target: targetOf(request), details });
  return { result, audits: [taken] as const };
}
