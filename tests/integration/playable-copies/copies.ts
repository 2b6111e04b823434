import { eq, sql } from "drizzle-orm";
import { database } from "@/lib/db/client";
import { dataKeys, playableCopies, uploadTickets } from "@/lib/db/schema";
import { configuredStore } from "@/lib/storage/configured-store";
import { audio } from "../../support/audio-fixtures";
import { storedRecording, type PhoneSystem } from "../../support/uploads";

/** A stored call whose sound is in GSM, as Asterisk writes it. */
export const storedGsm = (system: PhoneSystem) =>
  storedRecording(system, { ...audio("asterisk22-wav49-4s.WAV"), contentType: "audio/wav" });

export async function copyOf(recordingId: string) {
  const [copy] = await database().select().from(playableCopies).where(eq(playableCopies.recordingId, recordingId));
  return copy;
}

/** As if the time in which an earlier process may still write had passed. */
export const writersTimePasses = () =>
  database()
    .update(playableCopies)
    .set({ storingUntil: sql`${playableCopies.storingUntil} - interval '1 hour'` });

/** Every object of recordings that the store has. */
export async function keysInStore(): Promise<string[]> {
  const { objects } = await configuredStore().list({ prefix: "recordings/", limit: 1000 });
  return objects.map(({ key }) => key).toSorted();
}

export const hasDataKey = async (objectKey: string) =>
  (await database().select().from(dataKeys).where(eq(dataKeys.objectKey, objectKey))).length > 0;

/** As if every upload link had expired long ago: an erasure waits for open ones. */
export const linksExpire = () =>
  database()
    .update(uploadTickets)
    .set({ expiresAt: sql`now() - interval '1 hour'` });
