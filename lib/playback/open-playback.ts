import { and, eq, isNotNull, sql } from "drizzle-orm";
import { z } from "zod";
import { auditEvent } from "@/lib/operation/audit-event";
import { takeDenialQuota } from "@/lib/operation/denial-quota";
import { actorId, type Actor } from "@/lib/operation/actor";
import { isAllowed } from "@/lib/operation/permissions";
import { resolveSession } from "@/lib/access/sign-in/session-user";
import type { ReadDatabase } from "@/lib/db/client";
import { dataKeys, derivedRecordings, playableCopies, playbackGrants, recordings } from "@/lib/db/schema";
import { requireLedgerInStep } from "@/lib/deletion/ledger/check-ledger";
import { AppError, type ErrorCode } from "@/lib/core/errors";
import { pick } from "@/lib/core/pick";
import { command, refuse } from "@/lib/operation/operation";
import { servedWithHead, type ServedFile } from "@/lib/playback/served-file";
import { recordingScope } from "@/lib/recordings/recording-scope";

/** A grant that was checked, with the facts that answer one range. Server only. */
export type OpenedPlayback = {
  grantId: string;
  kind: "play" | "download";
  object: "original" | "playable_copy" | "derived_recording";
  recordingId: string;
  unitId: string;
  objectKey: string;
  objectVersionId: string | null;
  objectEtag: string | null;
  contentType: string;
  sizeBytes: number;
  durationMs: number | null;
  /** What the player receives instead of the object as it is; null for the object. */
  served: ServedFile | null;
  /** Whether the database holds a data key of the object. */
  hasDataKey: boolean;
};

/**
 * Checks a grant at each range request: the same session and user, not expired or revoked, the recording still stored
 * and within the user's units and rights. A refusal writes an event, also for anonymous callers; a permitted range
 * writes none.
 * @throws AppError `not_found`, `unauthenticated`, `forbidden`, `expired`, `revoked`, `recording_quarantined`,
 * `recording_blocked`, `recording_damaged`, `erasure_ledger_ahead`.
 */
export const openPlayback = command({
  permission: "playback:open",
  input: z.object({ grantId: z.uuid() }),
  audits: ["recording.playback_refused"],
  prepare: async ({ db, actor, input }) => {
    await requireLedgerInStep(db);
    return findGrant(db, actor, input.grantId);
  },
  unchanged: ({ actor, prepared }) =>
    prepared && refusalOf(prepared, actor) === null ? { result: opened(prepared) } : null,
  run: async ({ actor, input, prepared }) => {
    if (!prepared) return refuseUnknown(actor, input.grantId);
    const code = refusalOf(prepared, actor)!;
    // The damage was recorded as an event when it was found.
    if (code === "recording_damaged" || !takeDenialQuota(prepared.grantId)) throw new AppError(code);
    const target = { type: "recording", id: prepared.recordingId, unitId: prepared.unitId };
    const { grantId, userId } = prepared;
    return refuse(
      new AppError(code),
      auditEvent("recording.playback_refused", {
        outcome: "denied",
        target,
        details: { grantId, grantedTo: userId, code },
      }),
    );
  },
});

/** A signed-in user who tries unknown grant ids is recorded as an event; anonymous guesses are not. */
function refuseUnknown(actor: Actor, grantId: string) {
  const refusal = new AppError("not_found", "no such grant");
  const id = actorId(actor);
  if (id === null || !takeDenialQuota(id)) throw refusal;
  return refuse(
    refusal,
    auditEvent("recording.playback_refused", { outcome: "denied", details: { grantId, code: refusal.code } }),
  );
}

type Grant = NonNullable<Awaited<ReturnType<typeof findGrant>>>;

async function findGrant(db: ReadDatabase, actor: Actor, grantId: string) {
  const { kind, recordingId, userId, sessionId, revokedAt, damageCode, servedHeadBytes, servedSkippedBytes } =
    playbackGrants;
  const { unitId, durationMs, state, quarantine, blockedAt } = recordings;
  const isCopy = sql`${playbackGrants.object} = 'playable_copy'`;
  const isDerived = sql`${playbackGrants.object} = 'derived_recording'`;
  const isExpired = sql<boolean>`${playbackGrants.expiresAt} <= now()`;
  const isInScope = sql<boolean>`${recordingScope(actor)}`;
  const [grant] = await db
    .select({
      grantId: playbackGrants.id,
      kind,
      recordingId,
      userId,
      sessionId,
      revokedAt,
      damageCode,
      servedHeadBytes,
      servedSkippedBytes,
      isExpired,
      isInScope,
      unitId,
      object: playbackGrants.object,
      own: pick(recordings, ...servedColumns),
      copy: { state: playableCopies.state, ...pick(playableCopies, ...servedColumns) },
      derived: { state: derivedRecordings.state, ...pick(derivedRecordings, ...servedColumns) },
      durationMs,
      state,
      quarantine,
      blockedAt,
      hasDataKey: sql<boolean>`${isNotNull(dataKeys.objectKey)}`,
    })
    .from(playbackGrants)
    .innerJoin(recordings, eq(recordings.id, recordingId))
    .leftJoin(playableCopies, and(isCopy, eq(playableCopies.recordingId, recordingId)))
    .leftJoin(derivedRecordings, and(isDerived, eq(derivedRecordings.id, playbackGrants.derivedRecordingId)))
    .leftJoin(
      dataKeys,
      eq(
        dataKeys.objectKey,
        sql`case when ${isCopy} then ${playableCopies.objectKey}
          when ${isDerived} then ${derivedRecordings.objectKey} else ${recordings.objectKey} end`,
      ),
    )
    .where(eq(playbackGrants.id, grantId));
  return grant;
}

const servedColumns = ["objectKey", "objectVersionId", "objectEtag", "contentType", "sizeBytes"] as const;

/** The object under a grant; null if it is no longer there. */
function servedBy({ object, own, copy, derived }: Grant) {
  const made = object === "playable_copy" ? copy : derived;
  const served = object === "original" ? own : made?.state === "ready" ? made : null;
  return served?.objectKey ? { ...served, objectKey: served.objectKey } : null;
}

function refusalOf(grant: Grant, actor: Actor): ErrorCode | null {
  if (actor.type === "anonymous") return "unauthenticated";
  if (actor.type !== "user" || actor.userId !== grant.userId || actor.sessionId !== grant.sessionId) return "forbidden";
  if (!isAllowed(actor, grant.kind === "play" ? "recording:play" : "recording:download") || !grant.isInScope)
    return "forbidden";
  if (grant.quarantine === "quarantined") return "recording_quarantined";
  if (grant.blockedAt !== null) return "recording_blocked";
  if (grant.revokedAt) return "revoked";
  if (grant.isExpired) return "expired";
  if (grant.damageCode) return "recording_damaged";
  return grant.state === "stored" && servedBy(grant) ? null : "not_found";
}

/**
 * Whether a response under this grant may continue. Reads the session again, because the actor may be out of date. The
 * grant's expiry does not stop a running response: a long download would never finish.
 */
export async function mayContinue(db: ReadDatabase, actor: Actor, grantId: string): Promise<boolean> {
  const signedIn = actor.type === "user" ? await resolveSession(actor.sessionId) : null;
  const grant = signedIn && (await findGrant(db, signedIn.actor, grantId));
  return Boolean(grant && [null, "expired"].includes(refusalOf(grant, signedIn.actor)));
}

function opened(grant: Grant): OpenedPlayback {
  const { objectKey, objectVersionId, objectEtag, contentType, sizeBytes } = servedBy(grant)!;
  const { servedHeadBytes, servedSkippedBytes } = grant;
  const served = servedHeadBytes === null ? null : servedWithHead(contentType!, servedHeadBytes, servedSkippedBytes);
  return {
    ...pick(grant, "grantId", "kind", "object", "recordingId", "unitId", "durationMs", "hasDataKey"),
    ...{ objectKey, objectVersionId, objectEtag, contentType: contentType!, sizeBytes: sizeBytes!, served },
  };
}
