import { and, eq, sql } from "drizzle-orm";
import { z } from "zod";
import { auditEvent } from "@/lib/operation/audit-event";
import { playbackGrants, recordings } from "@/lib/db/schema";
import { transactionNow } from "@/lib/db/schema/columns";
import { AppError } from "@/lib/core/errors";
import { command } from "@/lib/operation/operation";
import { mayContinue } from "@/lib/playback/open-playback";

/**
 * Records which bytes of a recording were sent under a grant, so that the history shows which parts of the call were
 * sent. Returns whether the response may continue: audio can last hours, and a sign-out or deletion meanwhile ends it.
 * After the last bytes it checks nothing.
 */
export const recordBytesSent = command({
  permission: "playback:open",
  input: z.object({
    grantId: z.uuid(),
    start: z.int().min(0),
    endExclusive: z.int().min(1),
    isLast: z.boolean().default(false),
  }),
  audits: ["recording.played", "recording.downloaded"],
  prepare: async ({ db, actor, input }) => !input.isLast && mayContinue(db, actor, input.grantId),
  run: async ({ tx, actor, input, prepared }) => {
    if (actor.type !== "user") throw new AppError("forbidden");
    const { grantId, start, endExclusive } = input;
    const [grant] = await tx
      .update(playbackGrants)
      .set({
        bytesSent: sql`${playbackGrants.bytesSent} + int8multirange(int8range(${start}, ${endExclusive}))`,
        lastSentAt: transactionNow,
      })
      .from(recordings)
      .where(
        and(
          eq(playbackGrants.id, grantId),
          eq(playbackGrants.sessionId, actor.sessionId),
          eq(recordings.id, playbackGrants.recordingId),
        ),
      )
      .returning({
        kind: playbackGrants.kind,
        recordingId: playbackGrants.recordingId,
        sizeBytes: playbackGrants.sizeBytes,
        object: playbackGrants.object,
        unitId: recordings.unitId,
      });
    if (!grant) throw new AppError("not_found");
    const target = { type: "recording", id: grant.recordingId, unitId: grant.unitId };
    const details = {
      ...{ grantId, byteStart: start, byteEnd: endExclusive, sizeBytes: grant.sizeBytes },
      ...(grant.object === "original" ? {} : { object: grant.object }),
    };
    return {
      result: { mayContinue: prepared },
      audits: [auditEvent(grant.kind === "play" ? "recording.played" : "recording.downloaded", { target, details })],
    };
  },
});
