import { createHash, randomBytes } from "node:crypto";
import { and, eq, isNull } from "drizzle-orm";
import pLimit from "p-limit";
import { database } from "@/lib/db/client";
import { legalHoldRecordings, legalHolds, recordings } from "@/lib/db/schema";
import { newId } from "@/lib/core/new-id";
import { assignRetention } from "@/lib/retention/retention-assignment";
import type { ObjectStore } from "@/lib/storage/object-store";

export const facts = (ownerId: string) => ({
  matter: "Processo 0001234-55.2026",
  reason: "Ação de Fulano de Tal",
  ownerId,
  reviewOn: "2099-01-31",
});

type Call = { unitId: string; queueId?: string | null; startedAt: Date };

/** Many stored recordings, with objects if a store is given. Returns their ids, in order. */
export async function manyRecordings(
  count: number,
  { unitId, queueId = null, startedAt }: Call,
  store?: ObjectStore,
): Promise<string[]> {
  const body = randomBytes(64);
  const sha256 = createHash("sha256").update(body).digest();
  const limit = pLimit(16);
  const ids = Array.from({ length: count }, () => newId()).sort();
  const objects = await Promise.all(
    ids.map((id) =>
      limit(async () =>
        store ? store.put(`recordings/${id}`, body, { contentType: "audio/wav", ifNoneMatch: "*" }) : null,
      ),
    ),
  );
  await database().transaction(async (tx) => {
    const retention = await assignRetention(tx, { unitId, queueId, direction: "inbound", callKind: null, startedAt });
    const rows = ids.map((id, index) => ({
      ...{
        id,
        unitId,
        queueId,
        startedAt,
        ...retention,
        sha256,
        objectKey: `recordings/${id}`,
        objectVersionId: objects[index]?.versionId ?? null,
      },
      ...{
        state: "stored" as const,
        source: "central",
        sourceCallId: id,
        sourceRecordingId: id,
        uploadedByType: "service" as const,
        uploadedById: id,
        direction: "inbound" as const,
      },
      ...{ contentType: "audio/wav", sizeBytes: 64, storedAt: new Date() },
    }));
    for (let start = 0; start < rows.length; start += 1000)
      await tx.insert(recordings).values(rows.slice(start, start + 1000));
  });
  return ids;
}

export const holdRow = async (id: string) =>
  (await database().select().from(legalHolds).where(eq(legalHolds.id, id)))[0]!;

/** How many recordings a hold keeps. */
export const keptBy = (holdId: string) =>
  database().$count(
    legalHoldRecordings,
    and(eq(legalHoldRecordings.holdId, holdId), isNull(legalHoldRecordings.releasedAt)),
  );
