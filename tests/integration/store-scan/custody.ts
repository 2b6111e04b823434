import { createHash, randomBytes } from "node:crypto";
import { and, asc, desc, eq, isNull, sql } from "drizzle-orm";
import pLimit from "p-limit";
import { database } from "@/lib/db/client";
import { auditEvents, storeScanFindings, storeScans, recordings } from "@/lib/db/schema";
import type { DiscrepancyKind } from "@/lib/store-scan/found-discrepancy";
import { runStoreScan } from "@/lib/store-scan/run-store-scan";
import { newId } from "@/lib/core/new-id";
import { assignRetention } from "@/lib/retention/retention-assignment";
import { storedEncryption } from "@/lib/storage/stored-encryption";
import { configuredStore, configuredStores } from "@/lib/storage/configured-store";
import type { ObjectStore } from "@/lib/storage/object-store";
import { daysAgo, job } from "../../support/recordings";

/** Stored recordings with their objects and the facts that the store reported. Returns their ids, in order. */
export async function inCustody(
  count: number,
  { unitId }: { unitId: string },
  store: ObjectStore = configuredStore(),
): Promise<string[]> {
  const body = randomBytes(64);
  const ids = Array.from({ length: count }, () => newId()).sort();
  const limit = pLimit(16);
  const stored = await Promise.all(
    ids.map((id) => limit(() => store.put(keyOf(id), body, { contentType: "audio/wav", ifNoneMatch: "*" }))),
  );
  const encryption = (await store.head(keyOf(ids[0]!)))!.encryption;
  await database().transaction(async (tx) => {
    const retention = await assignRetention(tx, {
      unitId,
      queueId: null,
      direction: "inbound",
      callKind: null,
      startedAt: daysAgo(1),
    });
    const rows = ids.map((id, index) => ({
      ...{
        id,
        unitId,
        startedAt: daysAgo(1),
        ...retention,
        sha256: createHash("sha256").update(body).digest(),
        objectKey: keyOf(id),
        objectVersionId: stored[index]!.versionId,
        objectEtag: stored[index]!.etag,
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
      ...{
        contentType: "audio/wav",
        sizeBytes: 64,
        storedAt: new Date(),
        durationMs: 1000,
        waveformState: "ready" as const,
        encryption: storedEncryption(encryption),
      },
    }));
    for (let start = 0; start < rows.length; start += 1000)
      await tx.insert(recordings).values(rows.slice(start, start + 1000));
  });
  return ids;
}

/** The configured store, with some of its methods replaced. */
export function storeWith(methods: Partial<ObjectStore>): ObjectStore {
  const store = configuredStore();
  return new Proxy(store, {
    get(target, name) {
      const value: unknown = Reflect.get(name in methods ? methods : target, name);
      return typeof value === "function" ? (value.bind(target) as unknown) : value;
    },
  });
}

export const keyOf = (id: string) => `recordings/${id}`;

/** A complete run in which every object is old enough to be compared. */
export const look = (options: Partial<Parameters<typeof runStoreScan>[1]> = {}) =>
  runStoreScan(job(), {
    stores: configuredStores(),
    signal: AbortSignal.timeout(60_000),
    begin: true,
    minimumAgeMs: 0,
    ...options,
  });

export type About = { recordingId?: string; objectKey?: string };

const about = ({ recordingId, objectKey }: About) =>
  recordingId
    ? eq(storeScanFindings.recordingId, recordingId)
    : objectKey
      ? eq(storeScanFindings.objectKey, objectKey)
      : sql`true`;

/** The open discrepancies, as kind and facts, in order of kind. */
export async function openFindings(
  of: About = {},
): Promise<{ kind: DiscrepancyKind; facts: Record<string, unknown> }[]> {
  const { kind, facts } = storeScanFindings;
  return database()
    .select({ kind, facts })
    .from(storeScanFindings)
    .where(and(isNull(storeScanFindings.resolvedAt), about(of)))
    .orderBy(asc(kind));
}

/** The latest finding about something, resolved or not. */
export async function findingAbout(of: About) {
  const [finding] = await database()
    .select()
    .from(storeScanFindings)
    .where(about(of))
    .orderBy(desc(storeScanFindings.createdAt))
    .limit(1);
  return finding!;
}

export const latestRun = async () =>
  (await database().select().from(storeScans).orderBy(desc(storeScans.startedAt)).limit(1))[0]!;

/** Events of store scans about something, in order. */
export async function scanEvents(targetId: string) {
  const { action, outcome, actorId, details } = auditEvents;
  return database()
    .select({ action, outcome, actorId, details })
    .from(auditEvents)
    .where(and(eq(auditEvents.targetId, targetId), sql`${action} like 'store_scan.%'`))
    .orderBy(asc(auditEvents.occurredAt), asc(auditEvents.id));
}
