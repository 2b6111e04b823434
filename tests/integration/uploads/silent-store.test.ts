import { eq, inArray, sql } from "drizzle-orm";
import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import { database } from "@/lib/db/client";
import { jobs, uploadTickets, webhookDeliveries } from "@/lib/db/schema";
import { newId } from "@/lib/core/new-id";
import { reconcileUploads } from "@/lib/uploads/reconcile/reconcile-uploads";
import { auditedTransaction } from "@/lib/operation/audited-transaction";
import { enqueueJob } from "@/lib/jobs/enqueue-job";
import { reconcile } from "@/lib/schedule/reconcile";
import { setWebhook } from "@/lib/access/webhooks/set-webhook";
import { jobsTurnComes } from "../../support/background-jobs";
import { smallAudio } from "../../support/audio-fixtures";
import { configureS3 } from "../../support/configure-s3";
import { startFaultProxy, type FaultProxy } from "../../support/fault-proxy";
import { job, operator } from "../../support/people";
import { describeS3 } from "../../support/test-s3";
import {
  askTicket,
  callMetadata,
  complete,
  phoneSystem,
  recordingRow,
  ticketsOf,
  type PhoneSystem,
  type Ticket,
} from "../../support/uploads";
import { startWebhookReceiver } from "../../support/webhook-receiver";

await describeS3("a store that does not answer the reconciliation job", ({ configOf, makeBucket }) => {
  let proxy: FaultProxy;
  let system: PhoneSystem;

  beforeAll(async () => {
    const config = configOf(await makeBucket("silent", { versioned: true }));
    proxy = await startFaultProxy(config.endpoint ?? `https://s3.${config.region}.amazonaws.com`);
    configureS3({ ...config, endpoint: proxy.endpoint });
    system = await phoneSystem();
  });
  afterEach(() => {
    proxy.choose = null;
  });
  afterAll(() => proxy.close());

  async function sentUpload(uploader: PhoneSystem): Promise<string> {
    const file = smallAudio();
    const { id, upload } = (await (
      await askTicket(uploader.headers, callMetadata(uploader.unitCode, file))
    ).json()) as Ticket;
    expect(
      (await fetch(upload!.url, { method: "PUT", headers: upload!.headers, body: new Uint8Array(file.bytes) })).status,
    ).toBe(200);
    return id;
  }
  /** Never completed, and sent long enough ago. */
  async function forgottenUpload(): Promise<string> {
    const id = await sentUpload(system);
    await database()
      .update(uploadTickets)
      .set({ expiresAt: sql`now() - interval '6 minutes'` })
      .where(eq(uploadTickets.recordingId, id));
    return id;
  }
  const keysOf = async (ids: string[]) =>
    (await Promise.all(ids.map((id) => ticketsOf(id)))).flat().map(({ objectKey }) => objectKey);
  /** The jobs of the uploads' tickets. */
  const jobsOf = async (ids: string[]) => {
    const tickets = (await Promise.all(ids.map((id) => ticketsOf(id)))).flat();
    const keys = tickets.map(({ id }) => id);
    return database().select().from(jobs).where(inArray(jobs.key, keys));
  };

  test("for some uploads: they are postponed, and the others are finished", async () => {
    const hung = await Promise.all(Array.from({ length: 5 }, () => forgottenUpload()));
    const others = await Promise.all(Array.from({ length: 3 }, () => forgottenUpload()));
    const keys = await keysOf(hung);
    proxy.choose = async (address) => (keys.some((key) => address.includes(key)) ? "hang" : null);
    expect(await reconcileUploads(job(), { firstLimitMs: 3_000 })).toMatchObject({ completed: 3, failed: 5 });
    for (const id of others) expect((await recordingRow(id)).state).toBe("stored");
    for (const id of hung) {
      expect((await recordingRow(id)).state).toBe("pending");
      expect(await ticketsOf(id)).toMatchObject([{ closedAt: null }]);
    }
    expect(await jobsOf(others)).toEqual([]);
    const postponed = { kind: "upload_completion", tries: 1, lastError: "timed_out", leasedUntil: null };
    expect(await jobsOf(hung)).toMatchObject(hung.map(() => postponed));
    proxy.choose = null;
    await jobsTurnComes();
    expect(await reconcileUploads(job())).toMatchObject({ completed: 5, failed: 0 });
    for (const id of hung) expect(await ticketsOf(id)).toMatchObject([{ outcome: "completed" }]);
    expect(await jobsOf(hung)).toEqual([]);
  });

  test("leaves unchanged what the end of the run interrupts", async () => {
    const id = await forgottenUpload();
    proxy.choose = async () => "hang";
    expect(await reconcileUploads(job(), { timeLimitMs: 500 })).toMatchObject({ completed: 0, failed: 0 });
    expect(await ticketsOf(id)).toMatchObject([{ closedAt: null }]);
    // Due at once, and the attempt does not count.
    expect(await jobsOf([id])).toMatchObject([{ attempts: 1, tries: 0, lastError: null, leasedUntil: null }]);
    proxy.choose = null;
    expect(await reconcileUploads(job())).toMatchObject({ completed: 1, failed: 0 });
  });

  test("does not delay messages to phone systems", async () => {
    const receiver = await startWebhookReceiver();
    const listening = await phoneSystem();
    const recordingId = await sentUpload(listening);
    expect((await complete(listening.headers, recordingId)).status).toBe(200);
    await setWebhook(operator(), { serviceAccountId: listening.serviceAccountId, url: receiver.url });
    const [ticket] = await ticketsOf(recordingId);
    const message = {
      id: newId(),
      serviceAccountId: listening.serviceAccountId,
      recordingId,
      ticketId: ticket!.id,
      event: "recording.stored" as const,
      payload: { code: null },
    };
    await auditedTransaction(async (tx) => {
      await tx.insert(webhookDeliveries).values(message);
      const payload = { deliveryId: message.id };
      await enqueueJob(tx, { kind: "webhook", key: message.id, lane: message.serviceAccountId, payload });
    });
    const keys = await keysOf([await forgottenUpload()]);
    const answers = Promise.withResolvers<null>();
    proxy.choose = (address) => (keys.some((key) => address.includes(key)) ? answers.promise : Promise.resolve(null));
    const run = reconcile(job(), { firstLimitMs: 50_000 });
    try {
      await vi.waitFor(() => expect(receiver.received).toHaveLength(1), { timeout: 40_000, interval: 50 });
    } finally {
      answers.resolve(null);
    }
    expect(await run).toMatchObject({ completed: 1, webhooks: 1, failed: 0 });
    await receiver.close();
  });
});
