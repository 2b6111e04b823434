import { inArray, sql } from "drizzle-orm";
import { recordings } from "@/lib/db/schema";
import { retentionPolicies } from "@/lib/db/schema/retention";
import { query } from "@/lib/operation/operation";
import { isHeld } from "@/lib/recordings/may-be-deleted";
import { callDateInput, readCallDateDecision } from "@/lib/retention/call-date-decision";
import { readDatabaseTime } from "@/lib/db/database-time";

export type CallDatePreview = {
  startedAt: Date;
  isCorrection: boolean;
  /** The recordings of the call that get this start. */
  recordings: number;
  /** The first instant at which one of them may be deleted, and the policy that gives it. */
  retainUntil: Date;
  policy: string;
  /** Of these recordings, those that the next retention run deletes, and those that it would, but for a legal hold. */
  dueAtOnce: number;
  held: number;
  /** A legal minimum that one person may not bring forward keeps one of them longer. */
  minimumKept: boolean;
};

/** What follows if a person confirms or corrects the doubtful start of a call. Changes nothing. */
export const previewCallDate = query({
  permission: "call-date:confirm",
  input: callDateInput,
  run: async ({ db, actor, input }): Promise<CallDatePreview> => {
    const { decided, startedAt, isCorrection } = await readCallDateDecision(db, actor, input);
    const first = decided.reduce((earliest, next) =>
      next.dates.retainUntil < earliest.dates.retainUntil ? next : earliest,
    );
    const ids = decided.map(({ recording }) => recording.id);
    const held = await db
      .select({ id: recordings.id })
      .from(recordings)
      .where(sql`${inArray(recordings.id, ids)} and ${isHeld()}`);
    const [policy] = await db
      .select({ name: retentionPolicies.name })
      .from(retentionPolicies)
      .where(sql`${retentionPolicies.id} = ${first.dates.retentionPolicyId}`);
    const now = await readDatabaseTime(db);
    const due = decided.filter(({ dates }) => dates.retainUntil <= now);
    const isKept = (id: string) => held.some((row) => row.id === id);
    return {
      startedAt,
      isCorrection,
      recordings: decided.length,
      retainUntil: first.dates.retainUntil,
      policy: policy!.name,
      dueAtOnce: due.filter(({ recording }) => !isKept(recording.id)).length,
      held: due.filter(({ recording }) => isKept(recording.id)).length,
      minimumKept: decided.some(({ minimumKept }) => minimumKept),
    };
  },
});
