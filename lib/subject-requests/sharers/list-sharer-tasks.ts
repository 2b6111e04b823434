import { eq } from "drizzle-orm";
import { z } from "zod";
import { decryptField } from "@/lib/core/crypto/field-encryption";
import { pick } from "@/lib/core/pick";
import { subjectRequestSharerTasks, users } from "@/lib/db/schema";
import { query } from "@/lib/operation/operation";
import { seesPerson } from "@/lib/subject-requests/request-facts";

/** Who received recordings of a request, what they must be told, and how far that is. */
export const listSharerTasks = query({
  permission: "subject-request:read",
  input: z.object({ requestId: z.uuid() }),
  run: async ({ db, actor, input: { requestId } }) => {
    const task = subjectRequestSharerTasks;
    const rows = await db
      .select({ task, user: users.name })
      .from(task)
      .leftJoin(users, eq(users.id, task.userId))
      .where(eq(task.requestId, requestId))
      .orderBy(task.id)
      .limit(500);
    const read = (field: Parameters<typeof decryptField>[0], value: Buffer | null) =>
      value && seesPerson(actor) ? decryptField(field, value) : null;
    return rows.map(({ task: row, user }) => ({
      ...pick(row, "id", "measure", "createdAt", "notifiedAt", "acknowledgedAt", "closedAt"),
      recordings: row.recordingIds.length,
      isUser: row.userId !== null,
      recipient: user ?? read("subject_request.sharer", row.recipientEncrypted),
      reason: read("subject_request.sharer_reason", row.impossibleReasonEncrypted),
    }));
  },
});

export type SharerTask = Awaited<ReturnType<typeof listSharerTasks>>[number];
