import { and, eq } from "drizzle-orm";
import { readNumber } from "@/lib/core/numbers/number-reading";
import { newId } from "@/lib/core/new-id";
import { database } from "@/lib/db/client";
import { approvals, recordings } from "@/lib/db/schema";
import type { RequestRight } from "@/lib/db/schema/subject-request-words";
import { numberColumns } from "@/lib/recordings/customer-number";
import { decideMatches } from "@/lib/subject-requests/finding/decide-matches";
import { findRecordings } from "@/lib/subject-requests/finding/find-recordings";
import { confirmIdentity } from "@/lib/subject-requests/identity/confirm-identity";
import { moveRights } from "@/lib/subject-requests/move-rights";
import { registerRequest } from "@/lib/subject-requests/register-request";
import { contextOf, type Person } from "./actors";
import { storedRecording } from "./recordings";
import { letter, processesOf } from "./subject-requests";

let numbers = 0;

/** A mobile number that no other test of this database uses. */
export const freshNumber = () => `11 97${String((numbers += 1)).padStart(3, "0")}-${String(numbers).padStart(4, "0")}`;

/** Recordings in custody of one number, at 10:00 of days in March 2026 unless told. */
export async function recordingsOf(
  number: string,
  unitId: string,
  calls: readonly (Partial<Parameters<typeof storedRecording>[0]> & { channels?: number })[],
): Promise<string[]> {
  const ids: string[] = [];
  for (const [index, { channels, ...call }] of calls.entries()) {
    const startedAt = new Date(Date.UTC(2026, 2, 10 + index, 13));
    const { id } = await storedRecording({ unitId, startedAt, ...call });
    const columns = { ...numberColumns(readNumber(number)), ...(channels ? { channels } : {}) };
    await database().update(recordings).set(columns).where(eq(recordings.id, id));
    ids.push(id);
  }
  return ids;
}

export type Analysed = { requestId: string; processes: Record<string, string> };

/** A request whose recordings were found and included: each of its rights is being analysed. */
export async function analysed(
  dpo: Person,
  number: string,
  rights: RequestRight[],
  input: Partial<Parameters<typeof letter>[0]> = {},
): Promise<Analysed> {
  const context = () => contextOf(dpo.actor);
  const identifiers = [{ kind: "number" as const, value: number }];
  const { requestId } = await registerRequest(context(), letter({ rights, identifiers, ...input }));
  await moveRights(context(), { requestId, step: "start" });
  const note = "Compareceu com documento";
  await confirmIdentity(context(), { requestId, checkId: newId(), method: "in_person", note });
  const { searchedFor } = await findRecordings(context(), { requestId });
  const reason = "Confirmado com o titular";
  if (searchedFor.some(({ found }) => found > 0))
    await decideMatches(context(), { requestId, decision: "included", recordings: "all_exact", reason });
  await moveRights(context(), { requestId, step: "analyse" });
  const processes = await processesOf(requestId);
  return { requestId, processes: Object.fromEntries(processes.map(({ right, id }) => [right, id])) };
}

/** What waits for a second person about a right. */
export const approvalOf = async (processId: string) =>
  (
    await database()
      .select()
      .from(approvals)
      .where(and(eq(approvals.subjectId, processId), eq(approvals.state, "pending")))
  )[0]!;
