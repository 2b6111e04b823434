import { and, eq, sql } from "drizzle-orm";
import { z } from "zod";
import { auditEvent } from "@/lib/audit/audit-event";
import { playbackGrants, recordings } from "@/lib/db/schema";
import { AppError } from "@/lib/errors";
import { command } from "@/lib/operation";

/**
 * Notes which bytes of a recording left the portal under a grant, so that the history can say which parts of the call
 * were sent to the listener.
 */
export const recordBytesSent = command({
  permission: "playback:open",
  input: z.object({ grantId: z.uuid(), start: z.int().min(0), endExclusive: z.int().min(1) }),
  audits: ["recording.played", "recording.downloaded"],
  run: async ({ tx, actor, input }) => {
    if (actor.type !== "user") throw new AppError("forbidden");
    const { grantId, start, endExclusive } = input;
    const [grant] = await tx
      .update(playbackGrants)
      .set({ bytesSent: sql`${playbackGrants.bytesSent} + int8multirange(int8range(${start}, ${endExclusive}))`, lastSentAt: sql`date_trunc('milliseconds', now())` })
      .where(and(eq(playbackGrants.id, grantId), eq(playbackGrants.sessionId, actor.sessionId)))
      .returning({ kind: playbackGrants.kind, recordingId: playbackGrants.recordingId, sizeBytes: playbackGrants.sizeBytes });
    if (!grant) throw new AppError("not_found");
    const [recording] = await tx.select({ unitId: recordings.unitId }).from(recordings).where(eq(recordings.id, grant.recordingId));
    const target = { type: "recording", id: grant.recordingId, unitId: recording?.unitId };
    const details = { grantId, byteStart: start, byteEnd: endExclusive, sizeBytes: grant.sizeBytes };
    return { result: null, audits: [auditEvent(grant.kind === "play" ? "recording.played" : "recording.downloaded", { target, details })] };
  },
});
