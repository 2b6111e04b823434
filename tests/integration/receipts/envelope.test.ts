import { randomBytes } from "node:crypto";
import { PutObjectCommand } from "@aws-sdk/client-s3";
import { eq, sql } from "drizzle-orm";
import { beforeAll, expect, it, vi } from "vitest";
import { database } from "@/lib/db/client";
import { recordings } from "@/lib/db/schema";
import type { RecordingReceipt, SignedReceipt, SummaryReceipt } from "@/lib/receipts/receipt-schema";
import { issueRunReceipt } from "@/lib/receipts/issue-run-receipt";
import { signedSummary } from "@/lib/receipts/summary-writer";
import type { ObjectStore } from "@/lib/storage/object-store";
import { createObjectStore } from "@/lib/storage/store-from-config";
import { describeS3 } from "../../support/test-s3";
import { manyRecordings } from "../../support/holds";
import { admin, daysAgo, policy, row, unitWithQueue } from "../../support/recordings";
import { sealedStore } from "../../support/sealed-store";
import { check, receiptFile, retain, sealAll } from "../../support/deletions";

vi.hoisted(() => {
  process.env.ENVELOPE_KEYS = `e1:${Buffer.alloc(32, 7).toString("base64")}`;
});

await describeS3("the receipt of recordings sealed by the portal, in a versioned bucket", (s3) => {
  let store: ObjectStore;
  let copy: ObjectStore;
  let copyBucket: string;
  let where: Awaited<ReturnType<typeof unitWithQueue>>;

  beforeAll(async () => {
    const bucket = await s3.makeBucket("receipts", { versioned: true });
    copyBucket = await s3.makeBucket("receipts-copy", { versioned: true });
    store = sealedStore(createObjectStore(s3.configOf(bucket)), "recordings/");
    copy = createObjectStore({ ...s3.configOf(copyBucket), name: "second-region" });
    await policy(90);
    where = await unitWithQueue();
  });

  it("counts versions and destroyed keys, and claims cryptographic erasure after the last backup", async () => {
    const [id, other] = (await manyRecordings(2, { ...where, startedAt: daysAgo(200) }, store)) as [string, string];
    const { objectKey } = await row(id);
    // The result of replication for an object that was written twice and then deleted.
    for (const Body of [randomBytes(64), randomBytes(64)])
      await s3.client.send(new PutObjectCommand({ Bucket: copyBucket, Key: objectKey!, Body }));
    const { runId } = await retain([store, copy]);
    await sealAll();
    const text = await receiptFile(id);
    const { receipt } = JSON.parse(text) as SignedReceipt & { receipt: RecordingReceipt };
    expect(receipt.stores).toMatchObject([
      { store: "s3:ceph", kind: "s3", versionsDeleted: 1 },
      { store: "second-region", kind: "copy", versionsDeleted: 2 },
    ]);
    const backups = receipt.remains.find(({ what }) => what === "database_backups")!.until;
    expect(receipt.method.cryptographicErase).toEqual({ dataKeysDestroyed: 1, recordings: 1, completeAt: backups });
    expect(await check(text)).toMatchObject({ holds: true, problems: [] });
    expect(await check(await receiptFile(other))).toMatchObject({ holds: true });
    const { plan } = await issueRunReceipt(admin(), { runId });
    expect((await signedSummary(plan)).receipt as SummaryReceipt).toMatchObject({
      totals: { recordings: 2, versionsDeleted: 4, dataKeysDestroyed: 2, contentKeysDestroyed: 2 },
      method: { cryptographicErase: { dataKeysDestroyed: 2, recordings: 2 } },
    });
  });

  it("claims no cryptographic erasure where the audio itself was not sealed", async () => {
    const [id] = (await manyRecordings(1, { ...where, startedAt: daysAgo(200) }, store)) as [string];
    // An object stored before the setting was turned on: another key, unencrypted.
    await database().execute(sql`delete from data_keys`);
    const { objectKey } = await row(id);
    await database()
      .update(recordings)
      .set({ objectKey: `plain/${objectKey}` })
      .where(eq(recordings.id, id));
    await retain([store, copy]);
    await sealAll();
    const text = await receiptFile(id);
    expect((JSON.parse(text) as SignedReceipt).receipt.method.cryptographicErase).toBeNull();
    expect(await check(text)).toMatchObject({ holds: true });
  });
});
