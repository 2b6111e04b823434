import { eq, sql } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { database } from "@/lib/db/client";
import { serviceAccounts, webhookDeliveries } from "@/lib/db/schema";
import { log } from "@/lib/core/log";
import { claimWebhooks } from "@/lib/notifications/claim-webhooks";
import { deliverWebhooks } from "@/lib/notifications/deliver-webhooks";
import { listWaitingReceivers } from "@/lib/notifications/list-waiting-receivers";
import { sendTestWebhook } from "@/lib/access/webhooks/send-test-webhook";
import { setWebhook } from "@/lib/access/webhooks/set-webhook";
import { webhookCourier } from "@/lib/notifications/webhook-courier";
import { job, operator } from "../../support/people";
import { phoneSystem, storedRecording, type PhoneSystem } from "../../support/uploads";
import { startWebhookReceiver, type WebhookReceiver } from "../../support/webhook-receiver";

let receivers: WebhookReceiver[];

beforeAll(async () => {
  receivers = await Promise.all([startWebhookReceiver(), startWebhookReceiver()]);
});
beforeEach(async () => {
  vi.restoreAllMocks();
  await database().delete(webhookDeliveries);
  for (const receiver of receivers) {
    receiver.answerWith((_, response) => void response.writeHead(204).end());
    receiver.received.length = 0;
  }
});
afterAll(() => Promise.all(receivers.map((receiver) => receiver.close())));

async function listeningTo(receiver: WebhookReceiver): Promise<PhoneSystem> {
  const system = await phoneSystem();
  await setWebhook(operator(), { serviceAccountId: system.serviceAccountId, url: receiver.url });
  return system;
}

const rowsOf = ({ serviceAccountId }: PhoneSystem) =>
  database().select().from(webhookDeliveries).where(eq(webhookDeliveries.serviceAccountId, serviceAccountId));
const patiently = { timeout: 30_000, interval: 100 };
const allTried = (system: PhoneSystem) =>
  vi.waitFor(
    async () =>
      expect((await rowsOf(system)).every(({ deliveredAt, lastFailure }) => deliveredAt ?? lastFailure)).toBe(true),
    patiently,
  );

/** Messages that wait and that the courier leaves alone, until it is let go. */
async function waitingMessages(system: PhoneSystem, count: number): Promise<string[]> {
  vi.spyOn(webhookCourier(), "deliverSoon").mockImplementation(() => undefined);
  const recordingIds = [];
  for (let index = 0; index < count; index += 1) recordingIds.push(await storedRecording(system));
  return recordingIds;
}
const letCourierGo = () => vi.restoreAllMocks();
/** What came about these recordings: a message of an earlier test may still be on its way. */
const cameAbout = (receiver: WebhookReceiver, recordingIds: string[]) =>
  receiver.received.filter(({ body }) => recordingIds.some((id) => body.includes(id)));

test("what was not taken is sent again when its turn comes, though nothing else happens", async () => {
  const [receiver] = receivers as [WebhookReceiver];
  receiver.answerWith((_, response) => void response.writeHead(503).end());
  const system = await listeningTo(receiver);
  // 15 seconds at first, less up to a half: the half.
  const random = vi.spyOn(Math, "random").mockReturnValue(0);
  await storedRecording(system);
  await allTried(system).finally(() => random.mockRestore());
  receiver.answerWith((_, response) => void response.writeHead(204).end());
  await vi.waitFor(
    async () => expect(await rowsOf(system)).toMatchObject([{ deliveredAt: expect.any(Date), attempts: 2 }]),
    patiently,
  );
  expect(receiver.received).toHaveLength(2);
});

test("what an earlier process left is sent by the next one", async () => {
  const [receiver] = receivers as [WebhookReceiver];
  const system = await listeningTo(receiver);
  await waitingMessages(system, 1);
  letCourierGo();
  await database()
    .update(webhookDeliveries)
    .set({ nextAttemptAt: sql`now() + interval '1 second'` });
  webhookCourier().setAlarm();
  await vi.waitFor(
    async () => expect(await rowsOf(system)).toMatchObject([{ deliveredAt: expect.any(Date), attempts: 1 }]),
    patiently,
  );
});

test("nobody but a job learns who waits, or claims", async () => {
  await expect(listWaitingReceivers(operator(), {})).rejects.toMatchObject({ code: "forbidden" });
  const { serviceAccountId } = await phoneSystem();
  await expect(claimWebhooks(operator(), { serviceAccountId, limit: 1 })).rejects.toMatchObject({ code: "forbidden" });
});

test("a secret that does not decrypt holds back its own messages only", async () => {
  const [receiver] = receivers as [WebhookReceiver];
  const [broken, whole] = [await listeningTo(receiver), await listeningTo(receiver)];
  const [held, sent] = [await waitingMessages(broken, 1), await waitingMessages(whole, 1)];
  await database()
    .update(serviceAccounts)
    .set({ webhookSecretEncrypted: Buffer.alloc(60, 1) })
    .where(eq(serviceAccounts.id, broken.serviceAccountId));
  const said = vi.spyOn(log, "error").mockImplementation(() => undefined);
  try {
    expect(await deliverWebhooks(job())).toEqual({ delivered: 1, failed: 1 });
    expect(said).toHaveBeenCalledWith(
      expect.objectContaining({ serviceAccountId: broken.serviceAccountId }),
      expect.stringContaining("cannot be decrypted"),
    );
    expect(await sendTestWebhook(operator(), { serviceAccountId: broken.serviceAccountId })).toMatchObject({
      failure: "secret_unreadable",
    });
  } finally {
    said.mockRestore();
  }
  expect([cameAbout(receiver, held), cameAbout(receiver, sent)]).toMatchObject([[], [{}]]);
  const [row] = await rowsOf(broken);
  expect(row).toMatchObject({ deliveredAt: null, abandonedAt: null, lastFailure: "secret_unreadable", attempts: 1 });
  expect(row!.nextAttemptAt.getTime()).toBeGreaterThan(Date.now());
  expect(await rowsOf(whole)).toMatchObject([{ deliveredAt: expect.any(Date) }]);
});

test("a receiver that never answers delays its own messages only", async () => {
  const [dead, alive] = receivers as [WebhookReceiver, WebhookReceiver];
  const [silent, listening] = [await listeningTo(dead), await listeningTo(alive)];
  await waitingMessages(silent, 6);
  await waitingMessages(listening, 6);
  let release: () => void = () => undefined;
  const held = new Promise<void>((resolve) => (release = resolve));
  dead.answerWith(async (_, response) => (await held, void response.writeHead(503).end()));
  const run = deliverWebhooks(job());
  await vi.waitFor(() => expect(alive.received).toHaveLength(6), patiently);
  letCourierGo();
  // News while the other is silent goes at once as well.
  await storedRecording(listening);
  await vi.waitFor(() => expect(alive.received).toHaveLength(7), patiently);
  expect((await rowsOf(silent)).some(({ deliveredAt }) => deliveredAt)).toBe(false);
  release();
  // Four were under way; nothing of them was taken, so the other two wait for their turn.
  expect(await run).toEqual({ delivered: 6, failed: 4 });
});

test("nothing is looked for after a completion of which nobody is told", async () => {
  const soon = vi.spyOn(webhookCourier(), "deliverSoon");
  try {
    await storedRecording(await phoneSystem());
    expect(soon).not.toHaveBeenCalled();
    const system = await listeningTo(receivers[0]!);
    await storedRecording(system);
    expect(soon.mock.calls).toEqual([[system.serviceAccountId]]);
  } finally {
    soon.mockRestore();
  }
});
