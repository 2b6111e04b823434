import { and, eq, isNull, sql } from "drizzle-orm";
import { z } from "zod";
import { AppError } from "@/lib/core/errors";
import type { Transaction } from "@/lib/db/client";
import { derivedRecordings, playbackGrants, playbackHeard, recordings } from "@/lib/db/schema";
import { mutedSounds, playFailures } from "@/lib/db/schema/playback";
import { auditEvent } from "@/lib/operation/audit-event";
import { command } from "@/lib/operation/operation";
import { heardDetails } from "@/lib/playback/heard-parts";

/** So many parts a grant may have; a player that seeks more often within its ten minutes is not recorded further. */
const mostParts = 500;
/** So many a report may have. */
const mostReported = 100;
const dayMs = 86_400_000;

const heardPart = z
  .strictObject({
    startMs: z.int().min(0),
    endMs: z.int().max(dayMs),
    rate: z.number().min(0.25).max(4),
    isHidden: z.boolean(),
    muted: z.enum(mutedSounds),
  })
  .refine(({ startMs, endMs }) => endMs > startMs, { path: ["endMs"], message: "before_start" });

export const heardReport = z.strictObject({
  /** The number of the first part: the player counts the parts of each grant. */
  from: z.int().min(0),
  parts: z.array(heardPart).max(mostReported),
  failure: z.enum(playFailures).optional(),
});

export type HeardReport = z.input<typeof heardReport>;

/**
 * Records what the player says that it played under a grant: for the history beside the bytes that were sent, and never
 * as more than the word of a browser. Parts are cut at the end of the recording; a repeated report changes nothing.
 * @throws AppError `not_found` for a grant of another session, person or kind.
 */
export const reportHeard = command({
  permission: "playback:open",
  input: heardReport.extend({ grantId: z.uuid() }),
  audits: ["recording.play_reported"],
  run: async ({ tx, actor, input: { grantId, from, parts, failure } }) => {
    if (actor.type !== "user") throw new AppError(actor.type === "anonymous" ? "unauthenticated" : "forbidden");
    const grant = await findGrant(tx, grantId, actor);
    const rows = parts
      .map(({ rate, endMs, ...part }, index) => ({
        ...{ ...part, grantId, number: from + index, ratePercent: Math.round(rate * 100) },
        endMs: Math.min(endMs, grant.durationMs ?? dayMs),
      }))
      .filter(({ number, startMs, endMs }) => number < mostParts && endMs > startMs);
    const added =
      rows.length === 0 ? [] : await tx.insert(playbackHeard).values(rows).onConflictDoNothing().returning();
    const hasFailed = failure !== undefined && (await noteFailure(tx, grantId, failure));
    if (added.length === 0 && !hasFailed) return { result: { parts: 0 }, unchanged: true };
    const event = auditEvent("recording.play_reported", {
      outcome: hasFailed ? "failure" : "success",
      target: { type: "recording", id: grant.recordingId, unitId: grant.unitId },
      details: {
        ...{ grantId, ...heardDetails(added) },
        ...(grant.object === "original" ? {} : { object: grant.object }),
        ...(hasFailed ? { code: failure } : {}),
      },
    });
    return { result: { parts: added.length }, audits: [event] };
  },
});

async function findGrant(
  tx: Transaction,
  grantId: string,
  { userId, sessionId }: { userId: string; sessionId: string },
) {
  const [grant] = await tx
    .select({
      recordingId: playbackGrants.recordingId,
      object: playbackGrants.object,
      unitId: recordings.unitId,
      durationMs: sql<number | null>`case when ${playbackGrants.derivedRecordingId} is null
        then ${recordings.durationMs} else ${derivedRecordings.durationMs} end`,
    })
    .from(playbackGrants)
    .innerJoin(recordings, eq(recordings.id, playbackGrants.recordingId))
    .leftJoin(derivedRecordings, eq(derivedRecordings.id, playbackGrants.derivedRecordingId))
    .where(
      and(
        ...[eq(playbackGrants.id, grantId), eq(playbackGrants.kind, "play")],
        ...[eq(playbackGrants.userId, userId), eq(playbackGrants.sessionId, sessionId)],
      ),
    );
  if (!grant) throw new AppError("not_found");
  return grant;
}

/** False if a failure was noted before. */
async function noteFailure(tx: Transaction, grantId: string, playFailure: (typeof playFailures)[number]) {
  const noted = await tx
    .update(playbackGrants)
    .set({ playFailure })
    .where(and(eq(playbackGrants.id, grantId), isNull(playbackGrants.playFailure)))
    .returning({ id: playbackGrants.id });
  return noted.length > 0;
}
