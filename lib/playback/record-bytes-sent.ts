import { and, eq, sql } from "drizzle-orm";
import { z } from "zod";
import { auditEvent } from "@/lib/audit/audit-event";
import { playbackGrants, recordings } from "@/lib/db/schema";
import { AppError } from "@/lib/errors";
import { command } from "@/lib/operation";
import { mayGoOn } from "@/lib/playback/open-playback";

/**
 * Notes which bytes of a recording left the portal under a grant, so that the history can say which parts of the call
 * were sent to the listener, and answers whether they may be sent more: one answer can be hours of audio, and a sign-out or a
 * deletion in the middle of it counts.
 */
export const recordBytesSent = command({
  permission: "playback:open",
  input: z.object({ grantId: z.uuid(), start: z.int().min(0), endExclusive: z.int().min(1) }),
  audits: ["recording.played", "recording.downloaded"],
  prepare: ({ db, actor, input }) => mayGoOn(db, actor, input.grantId),
  run: async ({ tx, actor, input, prepared }) => {
    if (actor.type !== "user") throw new AppError("forbidden");
    const { grantId, start, endExclusive } = input;
    const [grant] = await tx
      .update(playbackGrants)
      .set({
        bytesSent: sql`${playbackGrants.bytesSent} + int8multirange(int8range(${start}, ${endExclusive}))`,
        lastSentAt: sql`date_trunc('milliseconds', now())`,
      })
      .where(and(eq(playbackGrants.id, grantId), eq(playbackGrants.sessionId, actor.sessionId)))
      .returning({
        kind: playbackGrants.kind,
        recordingId: playbackGrants.recordingId,
        sizeBytes: playbackGrants.sizeBytes,
      });
    if (!grant) throw new AppError("not_found");
    const [recording] = await tx
      .select({ unitId: recordings.unitId })
      .from(recordings)
      .where(eq(recordings.id, grant.recordingId));
    const target = { type: "recording", id: grant.recordingId, unitId: recording?.unitId };
    const details = { grantId, byteStart: start, byteEnd: endExclusive, sizeBytes: grant.sizeBytes };
    return {
      result: { mayGoOn: prepared },
      audits: [auditEvent(grant.kind === "play" ? "recording.played" : "recording.downloaded", { target, details })],
    };
  },
});
