import { createHash } from "node:crypto";
import { ListObjectVersionsCommand, type ListObjectVersionsCommandOutput } from "@aws-sdk/client-s3";
import { eq, inArray, sql } from "drizzle-orm";
import pLimit from "p-limit";
import { afterAll, beforeAll, expect, test } from "vitest";
import { database } from "@/lib/db/client";
import { recordings, uploadTickets } from "@/lib/db/schema";
import { reconcileUploads } from "@/lib/recordings/reconcile-uploads";
import { runRetention } from "@/lib/retention/run-retention";
import { configuredStores } from "@/lib/storage/configured-store";
import type { ObjectStore } from "@/lib/storage/object-store";
import { createObjectStore } from "@/lib/storage/store-from-config";
import { smallAudio, type Audio } from "../../support/audio-fixtures";
import { startFaultProxy, type FaultProxy } from "../../support/fault-proxy";
import { faults, faultSchedule, randomFrom, type Fault } from "../../support/fault-schedule";
import { job } from "../../support/people";
import { describeS3 } from "../../support/test-s3";
import { useS3 } from "../../support/use-s3";
import { askTicket, callMetadata, complete, eventsAbout, phoneSystem, recordingRow, ticketsOf, type PhoneSystem, type Ticket } from "../../support/uploads";

/** `FAULT_SEED=123` repeats the schedules of one batch from that seed on; without it the seeds are always the same. */
const firstSeed = Number(process.env.FAULT_SEED ?? 1);
const batches = process.env.FAULT_SEED ? 1 : 9;
const schedulesInBatch = 24;
const atOnce = 8;
const senderTimeoutMs = 600;
const dayMs = 24 * 3_600_000;

type Upload = { seed: number; id: string; isDue: boolean };

await describeS3("faults between the portal and the store", ({ client, configOf, makeBucket }) => {
  let bucket: string;
  let proxy: FaultProxy;
  /** The same bucket without the proxy. */
  let store: ObjectStore;
  let system: PhoneSystem;
  let file: Audio;

  beforeAll(async () => {
    bucket = await makeBucket("faults", { versioned: true });
    proxy = await startFaultProxy(configOf(bucket).endpoint!);
    useS3({ ...configOf(bucket), endpoint: proxy.endpoint }, { S3_IDLE_TIMEOUT_MS: "300", S3_ATTEMPTS: "2" });
    store = createObjectStore(configOf(bucket));
    system = await phoneSystem();
    file = smallAudio();
  });
  afterAll(() => proxy?.close());

  /** A sender as there are many: tries again a few times, says that it is done, and sometimes goes away before. */
  async function upload(seed: number, schedules: Map<string, () => Fault | null>): Promise<Upload> {
    const random = randomFrom(seed + 1_000_003);
    const isDue = seed % 2 === 0;
    const startedAt = new Date(Date.now() - (isDue ? 200 : 2) * dayMs).toISOString();
    const ticket = (await (await askTicket(system.headers, callMetadata(system.unitCode, file, { startedAt }))).json()) as Ticket;
    schedules.set((await ticketsOf(ticket.id))[0]!.objectKey, faultSchedule(seed));
    const { url, headers } = ticket.upload!;
    for (let attempt = 0; attempt < 3; attempt += 1) {
      const sent = await fetch(url, { method: "PUT", headers, body: new Uint8Array(file.bytes), signal: AbortSignal.timeout(senderTimeoutMs) }).catch(() => undefined);
      await sent?.arrayBuffer().catch(() => undefined);
      if (sent?.ok) break;
    }
    if (random() < 0.1) return { seed, id: ticket.id, isDue };
    for (let attempt = 0; attempt < 2; attempt += 1) {
      const { status } = await complete(system.headers, ticket.id);
      if (status < 500) break;
    }
    return { seed, id: ticket.id, isDue };
  }

  const age = (uploads: Upload[], interval: string) =>
    database()
      .update(uploadTickets)
      .set({ expiresAt: sql`now() - ${interval}::interval` })
      .where(inArray(uploadTickets.recordingId, uploads.map(({ id }) => id)));

  async function storedOrSaid({ seed, id }: Upload): Promise<void> {
    const { state, rejectionCode, objectKey, objectVersionId, sha256, sizeBytes } = await recordingRow(id);
    const stored = await eventsAbout(id, "recording.stored");
    const rejected = await eventsAbout(id, "recording.rejected");
    const seen = `seed ${seed}: ${state}`;
    if (state === "stored") {
      const { stream } = await store.readRange(objectKey!, { start: 0, endInclusive: sizeBytes! - 1 }, { versionId: objectVersionId! });
      const hash = createHash("sha256").update(new Uint8Array(await new Response(stream).arrayBuffer()));
      expect(hash.digest("hex"), seen).toBe(sha256!.toString("hex"));
      expect([stored.length, rejected.length], seen).toEqual([1, 0]);
      return;
    }
    // What came to the store was right, whatever our own readings of it said: only what never came is rejected.
    expect([state, rejectionCode], seen).toEqual(["rejected", "ticket_expired"]);
    expect(rejected.map(({ details }) => (details as { code: string }).code), seen).toEqual([rejectionCode]);
    expect(stored, seen).toEqual([]);
  }

  async function deletedOrKept({ seed, id, isDue }: Upload): Promise<void> {
    const { state } = await recordingRow(id);
    const deleted = await eventsAbout(id, "recording.deleted");
    expect([seed, state, deleted.length]).toEqual([seed, state === "rejected" ? "rejected" : isDue ? "deleted" : "stored", state === "deleted" ? 1 : 0]);
  }

  /** Looked at past our own adapter: neither a version nor a delete marker is left of what is not stored. */
  async function everyObjectHasItsRow(): Promise<void> {
    const keys = new Set<string>();
    for (let markers: { KeyMarker?: string; VersionIdMarker?: string } | undefined = {}; markers; ) {
      const page: ListObjectVersionsCommandOutput = await client.send(new ListObjectVersionsCommand({ Bucket: bucket, Prefix: "recordings/", ...markers }));
      for (const { Key } of [...(page.Versions ?? []), ...(page.DeleteMarkers ?? [])]) keys.add(Key!);
      markers = page.IsTruncated ? { KeyMarker: page.NextKeyMarker, VersionIdMarker: page.NextVersionIdMarker } : undefined;
    }
    const rows = await database().select({ objectKey: recordings.objectKey }).from(recordings).where(eq(recordings.state, "stored"));
    expect([...keys].sort()).toEqual(rows.map(({ objectKey }) => objectKey).sort());
  }

  const reconciled = async () => expect(await reconcileUploads(job())).toMatchObject({ failed: 0 });

  test.each(Array.from({ length: batches }, (_, batch) => firstSeed + batch * schedulesInBatch))(`schedules %i and ${schedulesInBatch - 1} more`, async (seed) => {
    const schedules = new Map<string, () => Fault | null>();
    const others = faultSchedule(seed + 500);
    const choose = (address: string) => ([...schedules].find(([key]) => address.includes(key))?.[1] ?? others)();
    const limit = pLimit(atOnce);

    proxy.choose = choose;
    const uploads = await Promise.all(Array.from({ length: schedulesInBatch }, (_, index) => limit(() => upload(seed + index, schedules))));
    await age(uploads, "6 minutes");
    await reconcileUploads(job());
    proxy.choose = null;
    await reconciled();
    await age(uploads, "61 minutes");
    await reconciled();
    await Promise.all(uploads.map((one) => limit(() => storedOrSaid(one))));
    await everyObjectHasItsRow();

    proxy.choose = choose;
    await runRetention(job("retention"), { stores: configuredStores(), timeLimitMs: 20_000 });
    proxy.choose = null;
    await database().update(recordings).set({ deletionRetryAt: null }).where(eq(recordings.state, "deleting"));
    await runRetention(job("retention"), { stores: configuredStores(), timeLimitMs: 20_000 });
    await Promise.all(uploads.map((one) => limit(() => deletedOrKept(one))));
    await everyObjectHasItsRow();
  });

  test("every kind of fault happened", () => {
    if (!process.env.FAULT_SEED) expect([...proxy.happened.keys()].sort()).toEqual([...faults].sort());
  });
});
