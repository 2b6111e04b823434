import { and, asc, eq, isNull } from "drizzle-orm";
import { AppError } from "@/lib/core/errors";
import { pick } from "@/lib/core/pick";
import type { ReadDatabase } from "@/lib/db/client";
import { subjectRequestMandates } from "@/lib/db/schema";
import { mostMandateBytes, mostMandates } from "@/lib/subject-requests/mandates/mandate-file";
import type { LockedRequest } from "@/lib/subject-requests/process-steps";

type Asker = Pick<LockedRequest, "id" | "requester" | "isOpen">;

/** What the person who asks for another sees of the documents that they attached. Null: the request takes none. */
export async function ownMandates(db: ReadDatabase, request: Asker) {
  if (!takesMandates(request)) return null;
  const attached = await currentMandates(db, request.id);
  const facts = attached.map((row) => pick(row, "id", "mediaType", "sizeBytes", "createdAt"));
  return { attached: facts, left: mostMandates - attached.length, mostBytes: mostMandateBytes };
}

export type OwnMandates = NonNullable<Awaited<ReturnType<typeof ownMandates>>>;

/** @throws AppError `invalid_input` with `not_a_representative`, `request_ended` or `too_many_files`. */
export async function requireRoom(db: ReadDatabase, request: Asker): Promise<void> {
  if (request.requester === "data_subject") throw mandateProblem("not_a_representative");
  if (!request.isOpen) throw mandateProblem("request_ended");
  if ((await currentMandates(db, request.id)).length >= mostMandates) throw mandateProblem("too_many_files");
}

export const mandateProblem = (reason: string) =>
  new AppError("invalid_input", reason, { fields: [{ path: "mandate", reason }] });

const takesMandates = ({ requester, isOpen }: Asker) => requester !== "data_subject" && isOpen;

function currentMandates(db: ReadDatabase, requestId: string) {
  const { requestId: ofRequest, purgedAt, id } = subjectRequestMandates;
  return db
    .select()
    .from(subjectRequestMandates)
    .where(and(eq(ofRequest, requestId), isNull(purgedAt)))
    .orderBy(asc(id));
}
