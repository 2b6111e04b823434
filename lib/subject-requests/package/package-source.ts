import { and, eq, inArray, isNotNull, isNull, ne, sql } from "drizzle-orm";
import { decryptField } from "@/lib/core/crypto/field-encryption";
import { AppError } from "@/lib/core/errors";
import { today } from "@/lib/core/time";
import { callStart } from "@/lib/subject-requests/call-start";
import { decidedAt } from "@/lib/subject-requests/decision-rows";
import type { ReadDatabase } from "@/lib/db/client";
import {
  derivedRecordings,
  queues,
  recordings,
  subjectRequestDecisions,
  subjectRequestMatches,
  subjectRequestRights,
  units,
} from "@/lib/db/schema";
import { readStoredObject } from "@/lib/media/stored-object";
import { numberText } from "@/lib/recordings/customer-number";
import type { PackagedAudio, PackagedCall, PackagedRecording } from "@/lib/subject-requests/package/package-content";

/** What is delivered of a request: of all its rights, or of those of one answer as it was when it was given. */
export type Delivery = { requestId: string; processIds?: readonly string[]; answeredAt?: Date };

const callsAtOnce = 100;

const { processId, requestId, recordingId, measure } = subjectRequestDecisions;

const ofDelivery = (delivery: Delivery) =>
  and(
    eq(requestId, delivery.requestId),
    delivery.processIds ? inArray(processId, [...delivery.processIds]) : undefined,
    and(eq(measure, "deliver"), decidedAt(delivery.answeredAt), isNotNull(recordingId)),
  )!;

/** Whether the package has vCons: portability (LGPD Art. 18 V) is among the rights that deliver something. */
export async function deliversVcons(db: ReadDatabase, delivery: Delivery): Promise<boolean> {
  const [one] = await db
    .select({ id: processId })
    .from(subjectRequestDecisions)
    .innerJoin(subjectRequestRights, eq(subjectRequestRights.id, processId))
    .where(and(ofDelivery(delivery), eq(subjectRequestRights.right, "portability")))
    .limit(1);
  return one !== undefined;
}

/** Recordings whose audio was decided in a form that is not ready yet: the package cannot be made before. */
export async function listUnreadyAudio(db: ReadDatabase, delivery: Delivery): Promise<string[]> {
  const { audioForm } = subjectRequestDecisions;
  const rows = await db
    .selectDistinct({ id: sql<string>`${recordingId}` })
    .from(subjectRequestDecisions)
    .innerJoin(recordings, and(eq(recordings.id, recordingId), eq(recordings.state, "stored")))
    .leftJoin(derivedRecordings, and(isReady(delivery.requestId), eq(derivedRecordings.form, sql`${audioForm}`)))
    .where(and(ofDelivery(delivery), ne(audioForm, "whole"), isNull(derivedRecordings.id)));
  return rows.map(({ id }) => id);
}

const isReady = (ofRequest: string) =>
  and(
    eq(derivedRecordings.recordingId, recordings.id),
    and(eq(derivedRecordings.requestId, ofRequest), eq(derivedRecordings.state, "ready")),
  )!;

/**
 * The calls that a request delivers, a page at a time, each with an opener that decrypts its audio from the store. What
 * is no longer in custody, blocked or quarantined is listed as data: its letter promised no audio, or was before.
 * @throws AppError `conflict` when audio is not ready.
 */
export async function* deliveredCalls(db: ReadDatabase, delivery: Delivery): AsyncGenerator<PackagedCall> {
  let after: CallPlace | null = null;
  for (;;) {
    const places: CallPlace[] = await callsAfter(db, delivery, after);
    if (places.length === 0) return;
    const rows = await recordingsOf(
      db,
      delivery,
      places.flatMap(({ ids }) => ids),
    );
    const byId = new Map(rows.map((row) => [row.id, row]));
    for (const { ids } of places) {
      const own = ids.map((id) => described(byId.get(id)!));
      // The id that the phone system gave may be anything; that of the first recording is ours.
      yield { id: ids[0]!, recordings: own };
    }
    after = places.at(-1)!;
  }
}

type CallPlace = { first: string; firstId: string; ids: string[] };

/** Calls by the start of their first recording that is delivered. */
async function callsAfter(db: ReadDatabase, delivery: Delivery, after: CallPlace | null): Promise<CallPlace[]> {
  const { source, sourceCallId, startedAt, id } = recordings;
  const delivered = db.select({ id: recordingId }).from(subjectRequestDecisions).where(ofDelivery(delivery));
  const ids = sql<string[]>`array_agg(${id} order by ${startedAt}, ${id})`;
  const first = sql<string>`min(${startedAt})::text`;
  const firstId = sql<string>`(${ids})[1]`;
  return db
    .select({ first: first.as("first"), firstId: firstId.as("first_id"), ids: ids.as("ids") })
    .from(recordings)
    .where(inArray(id, delivered))
    .groupBy(source, sourceCallId)
    .having(
      after === null
        ? undefined
        : sql`(min(${startedAt}), ${firstId}) > (${after.first}::timestamptz, ${after.firstId}::uuid)`,
    )
    .orderBy(sql`min(${startedAt})`, firstId)
    .limit(callsAtOnce);
}

const forms = ["whole", "subject_channel", "edited"] as const;

async function recordingsOf(db: ReadDatabase, delivery: Delivery, ids: readonly string[]) {
  const match = and(
    eq(subjectRequestMatches.recordingId, recordings.id),
    eq(subjectRequestMatches.requestId, delivery.requestId),
  );
  const decided = sql<
    (typeof forms)[number][] | null
  >`(select array_agg(distinct audio_form) from ${subjectRequestDecisions} where ${ofDelivery(delivery)}
    and ${recordingId} = ${recordings.id} and audio_form is not null)`;
  return db
    .select({
      id: recordings.id,
      recording: recordings,
      startedAt: callStart,
      unit: { name: units.name, timeZone: units.timeZone },
      queue: queues.code,
      reasons: subjectRequestMatches.reasons,
      decided,
      derived: derivedRecordings,
    })
    .from(recordings)
    .innerJoin(units, eq(units.id, recordings.unitId))
    .leftJoin(queues, eq(queues.id, recordings.queueId))
    .leftJoin(subjectRequestMatches, match)
    .leftJoin(derivedRecordings, isReady(delivery.requestId))
    .where(inArray(recordings.id, [...ids]));
}

type Row = Awaited<ReturnType<typeof recordingsOf>>[number];

function described({ recording, startedAt, unit, queue, reasons, decided, derived }: Row): PackagedRecording {
  const { id, durationMs, direction, retainUntil, state } = recording;
  // Of an agent's own request the number and protocol are the customer's, not theirs.
  const isCustomer = (reasons ?? []).some((reason) => reason !== "agent");
  const number = isCustomer && recording.numberKind === "number" ? numberText(recording.customerNumberEncrypted) : null;
  const protocol = isCustomer ? recording.protocolEncrypted : null;
  const wanted = forms.find((form) => decided?.includes(form));
  const isStopped = recording.blockedAt !== null || recording.quarantine === "quarantined";
  return {
    ...{ id, startedAt, durationMs, direction, queue, number, unit: unit.name, timeZone: unit.timeZone },
    protocol: protocol && decryptField("recording.protocol", protocol),
    keptUntil: state === "stored" && retainUntil ? today(new Date(retainUntil.getTime() - 1)) : null,
    audio: wanted && state === "stored" && !isStopped ? audioOf(recording, derived, wanted) : null,
  };
}

function audioOf(recording: Row["recording"], derived: Row["derived"], form: PackagedAudio["form"]): PackagedAudio {
  const file = form === "whole" ? recording : derived?.form === form ? derived : null;
  if (!file) throw new AppError("conflict", "the audio of a recording is not ready");
  const { objectKey, objectVersionId, objectEtag, sizeBytes } = file;
  return {
    ...{ form, subjectChannel: form === "whole" ? null : derived!.subjectChannel, channels: recording.channels },
    ...{ contentType: file.contentType!, sizeBytes: sizeBytes!, sha256: file.sha256!.toString("hex") },
    open: () => readStoredObject({ objectKey, objectVersionId, objectEtag, sizeBytes }),
  };
}
