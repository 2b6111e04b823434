import { createHash } from "node:crypto";
import {
  ListMultipartUploadsCommand,
  ListObjectVersionsCommand,
  type ListObjectVersionsCommandOutput,
} from "@aws-sdk/client-s3";
import { eq, inArray, sql } from "drizzle-orm";
import { expect } from "vitest";
import { database } from "@/lib/db/client";
import { recordings, uploadTickets } from "@/lib/db/schema";
import { reconcileUploads } from "@/lib/uploads/reconcile/reconcile-uploads";
import { createObjectStore } from "@/lib/storage/store-from-config";
import { startFaultProxy } from "../../support/fault-proxy";
import { faultSchedule, type Fault } from "../../support/fault-schedule";
import { job } from "../../support/people";
import type { TestS3 } from "../../support/test-s3";
import { eventsAbout, phoneSystem, recordingRow, type PhoneSystem } from "../../support/uploads";
import { configureS3 } from "../../support/configure-s3";

/**
 * One upload: the seed of its faults and of its sender's mishaps, its recording, and the SHA-256 of the right
 * bytes.
 */
export type SeededUpload = { seed: number; id: string; sha256: string };

/** Runs until nothing is left over, a few times at most. */
export async function untilDone(run: () => Promise<number>): Promise<void> {
  let left = 1;
  for (let time = 0; left > 0 && time < 5; time += 1) left = await run();
  expect(left).toBe(0);
}

/** A bucket behind a fault proxy as the store of the portal, and the same bucket seen past the proxy. */
export async function openFaultyStore(s3: TestS3, name: string, { idleTimeoutMs }: { idleTimeoutMs: number }) {
  const bucket = await s3.makeBucket(name, { versioned: true });
  const config = s3.configOf(bucket);
  const proxy = await startFaultProxy(config.endpoint!);
  configureS3({ ...config, endpoint: proxy.endpoint }, { S3_IDLE_TIMEOUT_MS: String(idleTimeoutMs), S3_ATTEMPTS: "2" });
  const store = createObjectStore(config);
  const system: PhoneSystem = await phoneSystem();

  /** What comes meets the faults of its own recording, whatever the order; what belongs to none meets others. */
  function faultsOf(schedules: Map<string, () => Fault | null>, seed: number) {
    const others = faultSchedule(seed + 500);
    return async (address: string) => {
      const ticketId = /recordings\/([0-9a-f-]{36})/.exec(address)?.[1];
      if (!ticketId) return others();
      const [ticket] = await database()
        .select({ recordingId: uploadTickets.recordingId })
        .from(uploadTickets)
        .where(eq(uploadTickets.id, ticketId));
      return (schedules.get(ticket?.recordingId ?? "") ?? others)();
    };
  }

  const age = (uploads: readonly SeededUpload[], interval: string) =>
    database()
      .update(uploadTickets)
      .set({ expiresAt: sql`now() - ${interval}::interval` })
      .where(
        inArray(
          uploadTickets.recordingId,
          uploads.map(({ id }) => id),
        ),
      );

  /** What failed was put off: its time comes. On a busy machine also a healed store is too slow at times. */
  const reconciled = () =>
    untilDone(async () => {
      await database().update(uploadTickets).set({ reconcileRetryAt: null });
      return (await reconcileUploads(job())).failed;
    });

  /** Once while the faults go on, then healed: what is unfinished is finished, and what is nobody's is swept. */
  async function reconcileAll(uploads: readonly SeededUpload[]): Promise<void> {
    await age(uploads, "6 minutes");
    await reconcileUploads(job());
    proxy.choose = null;
    await reconciled();
    await age(uploads, "61 minutes");
    await reconciled();
  }

  /**
   * Stored are the right bytes, once, and the store has them. What never came whole is rejected, once, with its
   * reason.
   */
  async function storedOrSaid({ seed, id, sha256 }: SeededUpload, reasons: readonly string[]): Promise<void> {
    const row = await recordingRow(id);
    const stored = await eventsAbout(id, "recording.stored");
    const rejected = await eventsAbout(id, "recording.rejected");
    const seen = `seed ${seed}: ${row.state}`;
    if (row.state === "stored") {
      const { stream } = await store.readRange(
        row.objectKey!,
        { start: 0, endInclusive: row.sizeBytes! - 1 },
        { versionId: row.objectVersionId! },
      );
      const hash = createHash("sha256").update(new Uint8Array(await new Response(stream).arrayBuffer()));
      expect([hash.digest("hex"), row.sha256!.toString("hex")], seen).toEqual([sha256, sha256]);
      expect([stored.length, rejected.length], seen).toEqual([1, 0]);
      return;
    }
    expect(row.state, seen).toBe("rejected");
    expect(reasons, seen).toContain(row.rejectionCode);
    expect(
      rejected.map(({ details }) => (details as { code: string }).code),
      seen,
    ).toEqual([row.rejectionCode]);
    expect(stored, seen).toEqual([]);
  }

  /** Looked at past our own adapter: neither a version nor a delete marker nor a part is left of what is not stored. */
  async function everyObjectHasItsRow(): Promise<void> {
    const keys = new Set<string>();
    for (let markers: { KeyMarker?: string; VersionIdMarker?: string } | undefined = {}; markers;) {
      const page: ListObjectVersionsCommandOutput = await s3.client.send(
        new ListObjectVersionsCommand({ Bucket: bucket, Prefix: "recordings/", ...markers }),
      );
      for (const { Key } of [...(page.Versions ?? []), ...(page.DeleteMarkers ?? [])]) keys.add(Key!);
      markers = page.IsTruncated
        ? { KeyMarker: page.NextKeyMarker, VersionIdMarker: page.NextVersionIdMarker }
        : undefined;
    }
    const rows = await database()
      .select({ objectKey: recordings.objectKey })
      .from(recordings)
      .where(eq(recordings.state, "stored"));
    expect([...keys].sort()).toEqual(rows.map(({ objectKey }) => objectKey).sort());
    expect((await s3.client.send(new ListMultipartUploadsCommand({ Bucket: bucket }))).Uploads ?? []).toEqual([]);
  }

  return { proxy, store, system, faultsOf, reconcileAll, storedOrSaid, everyObjectHasItsRow };
}

export type FaultyStore = Awaited<ReturnType<typeof openFaultyStore>>;
