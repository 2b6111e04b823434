import { randomUUID } from "node:crypto";
import { and, eq, sql } from "drizzle-orm";
import { readDatabaseTime } from "@/lib/db/database-time";
import { alias } from "drizzle-orm/pg-core";
import { z } from "zod";
import { auditEvent } from "@/lib/operation/audit-event";
import type { Actor } from "@/lib/operation/actor";
import type { ReadDatabase, Transaction } from "@/lib/db/client";
import { dataKeys, playableCopies, playbackGrants, recordings, recordingWaveforms } from "@/lib/db/schema";
import { playbackPurpose } from "@/lib/db/schema/playback";
import { env } from "@/lib/core/env";
import { requireLedgerInStep } from "@/lib/deletion/ledger/check-ledger";
import { AppError } from "@/lib/core/errors";
import { pick } from "@/lib/core/pick";
import { needsCopy, needsHead } from "@/lib/media/playable-copies/copy-need";
import { command } from "@/lib/operation/operation";
import { contentDisposition } from "@/lib/playback/content-disposition";
import { checkReference } from "@/lib/playback/reference-check";
import { recordingScope } from "@/lib/recordings/recording-scope";
import { configuredStore } from "@/lib/storage/configured-store";
import { callStore } from "@/lib/storage/store-as-app-error";

/** When a grant expires, the player requests another and continues. A forgotten tab does not keep a grant open. */
const gatewaySeconds = 10 * 60;
/** Anyone with a store-signed URL can use it, so it lives for one minute. */
const presignedSeconds = 60;

/** The purposes that a user may state, in the order of the player. */
export const playbackPurposes = playbackPurpose.enumValues;

export const playbackRequest = z.strictObject({
  recordingId: z.uuid(),
  purpose: z.enum(playbackPurposes),
  /** Ticket or protocol number. Refused if it looks like a CPF, a telephone number or an e-mail. */
  reference: z
    .string()
    .trim()
    .regex(/^[^\p{Cc}\p{Cf}]*$/u)
    .superRefine((text, context) => {
      const { problem } = checkReference(text);
      if (problem) context.addIssue({ code: "custom", message: problem });
    }),
});

export type PlaybackRequest = z.input<typeof playbackRequest>;
export type PlaybackGrant = { grantId: string; url: string; expiresAt: string; delivery: "gateway" | "presigned" };

/**
 * Grants playback of one recording, bound to the user, the session, the recording and a time, with the stated purpose
 * (LGPD Art. 6 I).
 * @throws AppError `not_found` outside the user's units or if it is not stored; `recording_quarantined`;
 * `recording_blocked`; `playable_copy_missing`; `store_unavailable`; `erasure_ledger_ahead`.
 */
export const grantPlayback = command({
  permission: "recording:play",
  input: playbackRequest,
  audits: ["recording.play_granted"],
  prepare: (step) => prepareGrant(step, "play"),
  run: async ({ tx, actor, input, prepared }) => {
    const details = await insertGrant(tx, actor, "play", input, prepared);
    return {
      result: prepared.grant,
      audits: [auditEvent("recording.play_granted", { target: targetOf(input.recordingId, prepared.unitId), details })],
    };
  },
});

/** Grants one download of a recording, which needs its own permission. Otherwise like `grantPlayback`. */
export const grantDownload = command({
  permission: "recording:download",
  freshProof: true,
  input: playbackRequest,
  audits: ["recording.download_granted"],
  prepare: (step) => prepareGrant(step, "download"),
  run: async ({ tx, actor, input, prepared }) => {
    const details = await insertGrant(tx, actor, "download", input, prepared);
    return {
      result: prepared.grant,
      audits: [
        auditEvent("recording.download_granted", { target: targetOf(input.recordingId, prepared.unitId), details }),
      ],
    };
  },
});

type Kind = "play" | "download";
type GrantRequest = z.output<typeof playbackRequest>;
type PreparedGrant = Awaited<ReturnType<typeof makeGrant>>;

export const targetOf = (id: string, unitId: string) => ({ type: "recording", id, unitId });

async function prepareGrant({ db, actor, input }: { db: ReadDatabase; actor: Actor; input: GrantRequest }, kind: Kind) {
  await requireLedgerInStep(db);
  const recording = await findPlayed(db, actor, input.recordingId, kind);
  return makeGrant(db, recording, input.recordingId, kind);
}

/** What a grant leads to: an object, and what the gateway sends in front of it. */
type Granted = {
  object: "original" | "playable_copy" | "derived_recording";
  derivedRecordingId?: string;
  unitId: string;
  objectKey: string;
  objectVersionId: string | null;
  contentType: string;
  sizeBytes: number;
  wrappingKeyId: string | null;
  servedHeadBytes: number | null;
  servedSkippedBytes: number;
};

/** The link, and what its row says. */
export async function makeGrant(db: ReadDatabase, granted: Granted, recordingId: string, kind: Kind) {
  // Random, not ordered by time: the id is the only secret in the URL.
  const grantId = randomUUID();
  // Stores cannot decrypt what the portal encrypted, nor send a head first: those bytes pass through the portal.
  const delivery = granted.wrappingKeyId || granted.servedHeadBytes ? "gateway" : env().PLAYBACK_DELIVERY;
  const link = delivery === "presigned" ? await presign(granted, recordingId, kind) : await gatewayLink(db, grantId);
  const grant: PlaybackGrant = { grantId, delivery, url: link.url, expiresAt: link.expiresAt.toISOString() };
  const told = pick(granted, "unitId", "sizeBytes", "object", "servedHeadBytes", "servedSkippedBytes");
  return { grant, expiresAt: link.expiresAt, ...told, derivedRecordingId: granted.derivedRecordingId ?? null };
}

/**
 * The object that a grant leads to: the recording's own, or for listening its playable copy if browsers need one.
 * @throws AppError `not_found`, `recording_quarantined`, `recording_blocked`, `playable_copy_missing`.
 */
async function findPlayed(db: ReadDatabase, actor: Actor, recordingId: string, kind: Kind): Promise<Granted> {
  const { unitId, objectKey, objectVersionId, contentType, codec, sizeBytes, quarantine, blockedAt } = recordings;
  const copyKeys = alias(dataKeys, "copy_keys");
  const [row] = await db
    .select({
      ...{ unitId, codec, quarantine, blockedAt, isJoined: recordings.isJoined },
      own: { objectKey, objectVersionId, contentType, sizeBytes, wrappingKeyId: dataKeys.keyId },
      copy: playableCopies,
      copyWrappingKeyId: copyKeys.keyId,
      headBytes: sql<number | null>`octet_length(${recordingWaveforms.playbackHead})`,
      skippedBytes: recordingWaveforms.skippedBytes,
    })
    .from(recordings)
    .leftJoin(dataKeys, eq(dataKeys.objectKey, objectKey))
    .leftJoin(playableCopies, eq(playableCopies.recordingId, recordings.id))
    .leftJoin(recordingWaveforms, eq(recordingWaveforms.recordingId, recordings.id))
    .leftJoin(copyKeys, eq(copyKeys.objectKey, playableCopies.objectKey))
    .where(and(eq(recordings.id, recordingId), eq(recordings.state, "stored"), recordingScope(actor)));
  if (!row?.own.objectKey) throw new AppError("not_found");
  requireOpen(row);
  const { own, copy } = row;
  const isDownload = kind === "download";
  const sound = { contentType: own.contentType, codec: row.codec };
  if (!isDownload && row.headBytes === null && needsHead(sound)) throw new AppError("playable_copy_missing");
  // Of files one behind the other a browser plays at least the first, until there is a copy.
  if (isDownload || !(needsCopy(sound) || (row.isJoined && copy?.state === "ready")))
    return {
      ...own,
      unitId: row.unitId,
      objectKey: own.objectKey!,
      sizeBytes: own.sizeBytes!,
      object: "original",
      servedHeadBytes: isDownload ? null : row.headBytes,
      servedSkippedBytes: isDownload ? 0 : (row.skippedBytes ?? 0),
    };
  if (copy?.state !== "ready") throw new AppError("playable_copy_missing");
  return {
    ...pick(copy, "objectKey", "objectVersionId"),
    ...{ unitId: row.unitId, wrappingKeyId: row.copyWrappingKeyId, object: "playable_copy" },
    ...{ contentType: copy.contentType!, sizeBytes: copy.sizeBytes!, servedHeadBytes: null },
    servedSkippedBytes: 0,
  };
}

/** Expires by the database's clock, which decides at each request. */
const gatewayLink = async (db: ReadDatabase, grantId: string) => ({
  url: `/api/playback/${grantId}`,
  expiresAt: new Date((await readDatabaseTime(db)).getTime() + gatewaySeconds * 1000),
});

function presign(
  recording: { objectKey: string; objectVersionId: string | null; contentType: string },
  recordingId: string,
  kind: Kind,
) {
  const { objectKey: key, objectVersionId, contentType } = recording;
  const disposition = contentDisposition(kind, recordingId, contentType);
  return callStore(() =>
    configuredStore().signDownload({
      key,
      versionId: objectVersionId ?? undefined,
      contentType,
      contentDisposition: disposition,
      expiresInSeconds: presignedSeconds,
    }),
  );
}

/** @throws AppError `recording_quarantined`, `recording_blocked` */
export function requireOpen({
  quarantine,
  blockedAt,
}: Pick<typeof recordings.$inferSelect, "quarantine" | "blockedAt">): void {
  if (quarantine === "quarantined") throw new AppError("recording_quarantined");
  if (blockedAt !== null) throw new AppError("recording_blocked");
}

/** A quarantine or block that begins meanwhile comes first and is seen, or second and ends the grant. */
async function requireStillOpen(tx: Transaction, recordingId: string): Promise<void> {
  const { quarantine, blockedAt } = recordings;
  const [row] = await tx
    .select({ quarantine, blockedAt })
    .from(recordings)
    .where(eq(recordings.id, recordingId))
    .for("share");
  if (row) requireOpen(row);
}

/** The details of its event. @throws AppError `forbidden`, `recording_quarantined`, `recording_blocked` */
export async function insertGrant(
  tx: Transaction,
  actor: Actor,
  kind: Kind,
  input: GrantRequest,
  prepared: PreparedGrant,
) {
  if (actor.type !== "user") throw new AppError("forbidden");
  const { recordingId, purpose, reference } = input;
  const { userId, sessionId } = actor;
  const { grantId, delivery } = prepared.grant;
  const { expiresAt, sizeBytes, object, derivedRecordingId, servedHeadBytes, servedSkippedBytes } = prepared;
  await requireStillOpen(tx, recordingId);
  const stated = { userId, sessionId, purpose, reference };
  await tx.insert(playbackGrants).values({
    ...{ id: grantId, kind, recordingId, ...stated },
    ...{ delivery, object, derivedRecordingId, expiresAt, sizeBytes, servedHeadBytes, servedSkippedBytes },
  });
  // The reference is free text. It is not logged, because the log can never be erased.
  return { grantId, sessionId, purpose, delivery, ...(object === "original" ? {} : { object }) };
}
