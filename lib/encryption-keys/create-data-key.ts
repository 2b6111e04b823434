import { randomBytes } from "node:crypto";
import { eq, or } from "drizzle-orm";
import { z } from "zod";
import { auditEvent } from "@/lib/operation/audit-event";
import type { Transaction } from "@/lib/db/client";
import { dataKeys } from "@/lib/db/schema/data-keys";
import { derivedRecordings } from "@/lib/db/schema/derived-recordings";
import { playableCopies } from "@/lib/db/schema/playable-copies";
import { recordings } from "@/lib/db/schema/recordings";
import { uploadTickets } from "@/lib/db/schema/uploads";
import { wrappingKeys } from "@/lib/encryption-keys/wrapping-keys";
import { command } from "@/lib/operation/operation";

/**
 * Creates the key of an object that will be sealed, unless it has one. Returns nothing: `readDataKeys` reads the key.
 */
export const createDataKey = command({
  permission: "data-key:create",
  input: z.object({ objectKey: z.string().min(1).max(300) }),
  audits: ["data_key.created"],
  prepare: async ({ db, input: { objectKey } }) => {
    const [existing] = await db
      .select({ keyId: dataKeys.keyId })
      .from(dataKeys)
      .where(eq(dataKeys.objectKey, objectKey));
    return existing ? null : wrappingKeys().wrap(randomBytes(32), objectKey);
  },
  run: async ({ tx, input: { objectKey }, prepared }) => {
    if (!prepared) return { result: null, unchanged: true };
    // Two concurrent uploads by one link use the key of the first.
    const [created] = await tx
      .insert(dataKeys)
      .values({ objectKey, ...prepared })
      .onConflictDoNothing()
      .returning({ objectKey: dataKeys.objectKey });
    if (!created) return { result: null, unchanged: true };
    const [ticket] = await tx
      .select({ id: uploadTickets.id, recordingId: uploadTickets.recordingId, unitId: recordings.unitId })
      .from(uploadTickets)
      .innerJoin(recordings, eq(recordings.id, uploadTickets.recordingId))
      .where(or(eq(uploadTickets.objectKey, objectKey), eq(uploadTickets.promotedKey, objectKey)));
    const owner = ticket ?? (await ownerOfCopy(tx, objectKey));
    const target = owner && { type: "recording", id: owner.recordingId, unitId: owner.unitId };
    return {
      result: null,
      audits: [
        auditEvent("data_key.created", { target, details: { ticketId: ticket?.id ?? null, keyId: prepared.keyId } }),
      ],
    };
  },
});

/** The recording of which a playable copy, or audio for a request, is to lie under this key. */
async function ownerOfCopy(tx: Transaction, objectKey: string) {
  const ownerIn = (table: typeof playableCopies | typeof derivedRecordings) =>
    tx
      .select({ recordingId: recordings.id, unitId: recordings.unitId })
      .from(table)
      .innerJoin(recordings, eq(recordings.id, table.recordingId))
      .where(eq(table.objectKey, objectKey));
  const [copy] = await ownerIn(playableCopies);
  const [derived] = copy ? [] : await ownerIn(derivedRecordings);
  return copy ?? derived;
}
