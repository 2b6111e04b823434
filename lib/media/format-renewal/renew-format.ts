import { eq, sql } from "drizzle-orm";
import { z } from "zod";
import type { AudioCodec } from "@/lib/core/audio-codecs";
import { log } from "@/lib/core/log";
import type { ReadDatabase } from "@/lib/db/client";
import { recordings } from "@/lib/db/schema";
import { computeWaveform, type WaveformResult } from "@/lib/media/compute-waveform";
import { isEmptyRecording } from "@/lib/media/empty-recording";
import { hasUnknownFormat } from "@/lib/media/format-renewal/list-unknown-formats";
import { SNIFF_HEAD_BYTES, sniffAudio } from "@/lib/media/sniff-audio";
import type { SniffedAudio } from "@/lib/media/sniffed-audio";
import { readStoredObject, soundOf, storedObjectColumns } from "@/lib/media/stored-object";
import { wavHeadOf } from "@/lib/media/waveform/wav-head";
import { writeWaveform } from "@/lib/media/waveform-rows";
import { command } from "@/lib/operation/operation";
import { callStore } from "@/lib/storage/store-as-app-error";
import { StoreError } from "@/lib/storage/store-error";

/**
 * Reads what a recording of an earlier release is: type, codec, and whether it is empty. Measures it again unless that
 * release measured it as today: a WAV with a right header.
 * @returns `isRead`: false if its object is missing or was altered. The recording then stays as it is.
 */
export const renewFormat = command({
  permission: "recording:compute-waveform",
  input: z.object({ recordingId: z.uuid() }),
  audits: ["recording.waveform_computed"],
  prepare: async ({ db, input }) => {
    const found = await findUnknown(db, input.recordingId);
    if (!found) return null;
    try {
      return { ...found, ...(await callStore(() => readFormat(found))) };
    } catch (error) {
      if (!(error instanceof StoreError)) throw error;
      log.warn({ recordingId: found.id, code: error.code }, "the format of a recording could not be read");
      return "unreadable" as const;
    }
  },
  unchanged: ({ prepared }) =>
    prepared === null || prepared === "unreadable" ? { result: { isRead: prepared === null } } : null,
  run: async ({ tx, prepared }) => {
    const { id, unitId, contentType, codec, isEmpty, waveform } = prepared as Exclude<typeof prepared, null | string>;
    const result = { isRead: true };
    const [renewed] = await tx
      .update(recordings)
      .set({ contentType, codec, isEmpty: sql`${recordings.isEmpty} or ${isEmpty}` })
      .where(sql`${eq(recordings.id, id)} and ${hasUnknownFormat}`)
      .returning({ waveformState: recordings.waveformState });
    // A waveform of before is better than none.
    const isBetter = waveform?.kind === "ready" || renewed?.waveformState === "unavailable";
    const event = renewed && waveform && isBetter ? await writeWaveform(tx, { id, unitId, waveform }, sql`true`) : null;
    return event ? { result, audits: [event] as const } : { result, unchanged: true as const };
  },
});

type Unknown = NonNullable<Awaited<ReturnType<typeof findUnknown>>>;

async function findUnknown(db: ReadDatabase, recordingId: string) {
  const { id, unitId, contentType, waveformState } = recordings;
  const [found] = await db
    .select({ id, unitId, contentType, waveformState, ...storedObjectColumns })
    .from(recordings)
    .where(sql`${eq(id, recordingId)} and ${hasUnknownFormat}`);
  return found ?? null;
}

async function readFormat(recording: Unknown) {
  const sizeBytes = recording.sizeBytes!;
  const read = async (start: number, count: number) => {
    const pieces: Uint8Array[] = [];
    const last = Math.min(start + count, sizeBytes) - 1;
    for await (const piece of readStoredObject(recording, start, last)) pieces.push(piece);
    return Buffer.concat(pieces);
  };
  const head = await read(0, SNIFF_HEAD_BYTES);
  const sniffed = await sniffAudio({ head, sizeBytes, read }, recording.contentType);
  const isKnown = typeof sniffed !== "string";
  const isMeasured = recording.waveformState === "waiting" || (isKnown && isRightWav(sniffed, recording, head));
  const waveform: WaveformResult | null = isMeasured ? null : await computeWaveform(soundOf(recording));
  return {
    contentType: isKnown ? (sniffed.declaredType ?? sniffed.contentType) : recording.contentType,
    // Accepted by an earlier release; the copy, or its failure, shows what it is.
    codec: isKnown ? sniffed.codec : ("other" satisfies AudioCodec),
    isEmpty: isEmptyRecording(head, sizeBytes),
    waveform,
  };
}

/** Earlier releases decoded it as today, and players need no other header. */
function isRightWav(sniffed: SniffedAudio, { waveformState, sizeBytes }: Unknown, head: Uint8Array): boolean {
  return sniffed.wav !== undefined && waveformState === "ready" && wavHeadOf(sniffed, head, sizeBytes!) === null;
}
