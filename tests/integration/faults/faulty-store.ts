import { createHash } from "node:crypto";
import {
  ListMultipartUploadsCommand,
  ListObjectVersionsCommand,
  type ListObjectVersionsCommandOutput,
} from "@aws-sdk/client-s3";
import { eq, inArray, sql } from "drizzle-orm";
import { expect } from "vitest";
import { database } from "@/lib/db/client";
import { jobs, recordings, uploadTickets } from "@/lib/db/schema";
import { uploadJobKinds } from "@/lib/uploads/reconcile/pending-work";
import { reconcileUploads } from "@/lib/uploads/reconcile/reconcile-uploads";
import { createObjectStore } from "@/lib/storage/store-from-config";
import { jobsTurnComes } from "../../support/background-jobs";
import { startFaultProxy } from "../../support/fault-proxy";
import { faultSchedule, type Fault } from "../../support/fault-schedule";
import { job } from "../../support/people";
import type { TestS3 } from "../../support/test-s3";
import { eventsAbout, phoneSystem, recordingRow, type PhoneSystem } from "../../support/uploads";
import { configureS3 } from "../../support/configure-s3";

/** One upload: the seed of its faults, its recording, and the SHA-256 of the correct bytes. */
export type SeededUpload = { seed: number; id: string; sha256: string };

/** Reconciles until nothing is left. A loaded machine answers later than the store's time limit, again and again. */
export async function untilDone(run: () => Promise<number>): Promise<void> {
  let left = 1;
  for (let time = 0; left > 0 && time < 25; time += 1) left = await run();
  expect(left).toBe(0);
}

/** A bucket behind a fault proxy as the portal's store, and the same bucket without the proxy. */
export async function openFaultyStore(s3: TestS3, name: string, { idleTimeoutMs }: { idleTimeoutMs: number }) {
  const bucket = await s3.makeBucket(name, { versioned: true });
  const config = s3.configOf(bucket);
  const proxy = await startFaultProxy(config.endpoint!);
  configureS3({ ...config, endpoint: proxy.endpoint }, { S3_IDLE_TIMEOUT_MS: String(idleTimeoutMs), S3_ATTEMPTS: "2" });
  const store = createObjectStore(config);
  const system: PhoneSystem = await phoneSystem();

  /** Each request meets the faults of its own recording, in any order; the others meet a separate schedule. */
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

  /** Makes the jobs of uploads due until all are done. On a busy machine even a healthy store may be too slow. */
  const reconciled = () =>
    untilDone(async () => {
      await jobsTurnComes();
      await reconcileUploads(job());
      return database().$count(jobs, inArray(jobs.kind, [...uploadJobKinds]));
    });

  /** Reconciles once during faults and then without them: unfinished uploads are finished, and leftovers are swept. */
  async function reconcileAll(uploads: readonly SeededUpload[]): Promise<void> {
    await age(uploads, "6 minutes");
    await reconcileUploads(job());
    proxy.choose = null;
    await reconciled();
    await age(uploads, "61 minutes");
    await reconciled();
  }

  /**
   * Expects the correct bytes to be stored once and to be in the store; incomplete uploads are rejected once, with a
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

  /** Checks without the portal's adapter that no version, delete marker or part is left of what is not stored. */
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
