import { and, eq } from "drizzle-orm";
import { alias } from "drizzle-orm/pg-core";
import { z } from "zod";
import { playsInBrowsers } from "@/lib/core/accepted-audio-types";
import { audioCodecs, readAudioCodec } from "@/lib/core/audio-codecs";
import type { ReadDatabase } from "@/lib/db/client";
import type { Actor } from "@/lib/operation/actor";
import { isAllowed } from "@/lib/operation/permissions";
import { decryptField } from "@/lib/core/crypto/field-encryption";
import { agents, dataKeys, queues, recordings, recordingWaveforms, retentionPolicies, units } from "@/lib/db/schema";
import { isDerivedId } from "@/lib/db/recording-ids";
import { pick } from "@/lib/core/pick";
import { AppError } from "@/lib/core/errors";
import { query } from "@/lib/operation/operation";
import { presentNumber } from "@/lib/recordings/customer-number";
import { describeEncryption } from "@/lib/recordings/encryption-description";
import { handlingOf, handlingRevision } from "@/lib/recordings/handling/call-handling";
import { deletionOrderOf } from "@/lib/recordings/deletion-order";
import { recordingScope } from "@/lib/recordings/recording-scope";
import { presentReferences } from "@/lib/recordings/references/call-references";
import { valueRevision } from "@/lib/recordings/value-revision";
import { lastTriggers } from "@/lib/recordings/last-triggers";

const minimumPolicies = alias(retentionPolicies, "minimum_policies");

/**
 * One recording for its page: the facts that the actor may see, with the peaks for the player.
 * @throws AppError `not_found`, also for a recording outside the actor's units.
 */
export const readRecording = query({
  permission: "recording:read",
  input: z.object({ recordingId: z.uuid() }),
  run: async ({ db, actor, input }) => {
    const row = await findRow(db, actor, input.recordingId);
    const { recording, unit, queue, agent, policy, minimumPolicy } = row;
    const mayPlay = isAllowed(actor, "recording:play");
    const isStored = recording.state === "stored";
    const isQuarantined = isStored && recording.quarantine === "quarantined";
    const isBlocked = recording.blockedAt !== null;
    return {
      ...describeRecording(recording),
      encryption: describeEncryption(recording.encryption, row.wrappingKeyId),
      number: presentNumber(recording, isAllowed(actor, "recording:read-number")),
      ...presentReferences(recording, actor),
      unit,
      queue,
      agent: agent?.code
        ? { code: agent.code, name: agent.nameEncrypted && decryptField("agent.name", agent.nameEncrypted) }
        : null,
      policy: policy && { ...policy, version: recording.retentionPolicyVersion },
      minimum: minimumPolicy && {
        ...minimumPolicy,
        version: recording.minimumPolicyVersion,
        until: recording.minimumUntil!,
      },
      deletionOrder: await deletionOrderOf(db, actor, recording.deletionOrderId),
      mayPlay,
      triggers: (await lastTriggers(db, [recording.id])).get(recording.id) ?? {},
      /** For a correction: which number the page showed. Null for users who may not correct it. */
      numberRevision:
        recording.state === "stored" && isAllowed(actor, "recording:correct-number")
          ? valueRevision(recording.customerNumberEncrypted)
          : null,
      /** The same for the CPF or CNPJ, where one was sent. */
      taxIdRevision:
        recording.state === "stored" && recording.taxIdKind !== null && isAllowed(actor, "recording:correct-tax-id")
          ? valueRevision(recording.taxIdEncrypted)
          : null,
      handling: handlingOf(recording),
      /** For a change: which handling the page showed. Null for users who may not change it. */
      handlingRevision:
        recording.state === "stored" && isAllowed(actor, "recording:change-handling")
          ? handlingRevision(recording)
          : null,
      isQuarantined,
      mayQuarantine: isStored && !isQuarantined && isAllowed(actor, "recording:quarantine"),
      isBlocked,
      seesBlock: isAllowed(actor, "recording:read-block"),
      mayBlock: isStored && isAllowed(actor, "recording:block"),
      mayRelease: isQuarantined && isAllowed(actor, "recording:release"),
      mayConfirmDate: recording.state === "stored" && isAllowed(actor, "call-date:confirm"),
      mayReport: recording.state === "stored" && isAllowed(actor, "retention-trigger:report"),
      mayDownload: isAllowed(actor, "recording:download"),
      // Peaks show when someone spoke, so only users who may play the recording get them.
      waveform:
        mayPlay && !isQuarantined && !isBlocked && row.waveform
          ? { ...pick(row.waveform, "channels", "bucketMs"), peaks: row.waveform.peaks.toString("base64") }
          : null,
    };
  },
});

export type RecordingDetails = Awaited<ReturnType<typeof readRecording>>;

async function findRow(db: ReadDatabase, actor: Actor, recordingId: string) {
  const [row] = await db
    .select({
      recording: recordings,
      unit: { name: units.name, timeZone: units.timeZone },
      queue: queues.code,
      agent: { code: agents.code, nameEncrypted: agents.nameEncrypted },
      policy: { id: retentionPolicies.id, name: retentionPolicies.name, legalBasis: retentionPolicies.legalBasis },
      minimumPolicy: { id: minimumPolicies.id, name: minimumPolicies.name },
      waveform: {
        channels: recordingWaveforms.channels,
        bucketMs: recordingWaveforms.bucketMs,
        peaks: recordingWaveforms.peaks,
      },
      wrappingKeyId: dataKeys.keyId,
    })
    .from(recordings)
    .innerJoin(units, eq(units.id, recordings.unitId))
    .leftJoin(queues, eq(queues.id, recordings.queueId))
    .leftJoin(agents, eq(agents.id, recordings.agentId))
    .leftJoin(retentionPolicies, eq(retentionPolicies.id, recordings.retentionPolicyId))
    .leftJoin(minimumPolicies, eq(minimumPolicies.id, recordings.minimumPolicyId))
    .leftJoin(dataKeys, eq(dataKeys.objectKey, recordings.objectKey))
    .leftJoin(recordingWaveforms, eq(recordingWaveforms.recordingId, recordings.id))
    .where(and(eq(recordings.id, recordingId), recordingScope(actor)));
  if (!row) throw new AppError("not_found");
  return row;
}

/** The columns that a page may show. The object key is not among them. */
function describeRecording(recording: typeof recordings.$inferSelect) {
  const shown = pick(
    recording,
    "id",
    "state",
    "source",
    "sourceCallId",
    "direction",
    "callKind",
    "numberKind",
    "startedAt",
    "anonymisedAt",
    "contentType",
    "sizeBytes",
    "verifiedAt",
    "durationMs",
    "channels",
    "waveformState",
    "isEmpty",
    "retainUntil",
    "dateDoubt",
    "createdAt",
    "storedAt",
    "deletingAt",
    "deletedAt",
    "deletionReason",
    "rejectionCode",
    "rejectionForm",
  );
  return {
    ...shown,
    /** The id that the phone system gave, or after the deletion its digest; null if it gave none. */
    sourceRecordingId: isDerivedId(recording.sourceRecordingId) ? null : recording.sourceRecordingId,
    sha256: recording.sha256?.toString("hex") ?? null,
    codec: describeCodec(recording),
  };
}

/** The codec, its name (null if no table has it), and whether browsers play it. Null if it was not sniffed. */
function describeCodec({ contentType, codec: stored }: { contentType: string; codec: string | null }) {
  const codec = readAudioCodec(stored);
  return codec && { codec, name: audioCodecs[codec].name, plays: playsInBrowsers(contentType, codec) };
}
