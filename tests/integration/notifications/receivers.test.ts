import path from "node:path";
import { eq } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { database } from "@/lib/db/client";
import { jobs, serviceAccounts, webhookDeliveries } from "@/lib/db/schema";
import { sendTestWebhook } from "@/lib/access/webhooks/send-test-webhook";
import { setWebhook } from "@/lib/access/webhooks/set-webhook";
import { readWaitingWebhook } from "@/lib/notifications/read-waiting-webhook";
import { newId } from "@/lib/core/new-id";
import { startRunner } from "@/lib/jobs/start-runner";
import { jobHandlers } from "@/lib/schedule/job-handlers";
import { jobsTurnComes, workOff } from "../../support/background-jobs";
import { job, operator } from "../../support/people";
import { runCommand } from "../../support/run-command";
import { phoneSystem, storedRecording, type PhoneSystem } from "../../support/uploads";
import { startWebhookReceiver, type WebhookReceiver } from "../../support/webhook-receiver";

let receivers: WebhookReceiver[];

beforeAll(async () => {
  receivers = await Promise.all([startWebhookReceiver(), startWebhookReceiver()]);
});
beforeEach(async () => {
  await database().delete(webhookDeliveries);
  await database().delete(jobs);
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
/** Creates messages without sending them. */
async function waitingMessages(system: PhoneSystem, count: number): Promise<string[]> {
  const recordingIds = [];
  for (let index = 0; index < count; index += 1) recordingIds.push(await storedRecording(system));
  return recordingIds;
}
/** Sends the due messages. */
async function deliver(): Promise<{ delivered: number; failed: number }> {
  const { webhook = { done: 0, failed: 0 } } = await workOff("webhook");
  return { delivered: webhook.done, failed: webhook.failed };
}
/** Received messages about these recordings: one of an earlier test may still arrive. */
const cameAbout = (receiver: WebhookReceiver, recordingIds: string[]) =>
  receiver.received.filter(({ body }) => recordingIds.some((id) => body.includes(id)));

test("retries a message when it is due, without any other activity", async () => {
  const [receiver] = receivers as [WebhookReceiver];
  receiver.answerWith((_, response) => void response.writeHead(503).end());
  const system = await listeningTo(receiver);
  const runner = startRunner(jobHandlers);
  await storedRecording(system);
  await vi.waitFor(async () => expect(await rowsOf(system)).toMatchObject([{ lastFailure: "http_503" }]), patiently);
  receiver.answerWith((_, response) => void response.writeHead(204).end());
  await jobsTurnComes();
  await vi.waitFor(
    async () => expect(await rowsOf(system)).toMatchObject([{ deliveredAt: expect.any(Date), attempts: 2 }]),
    patiently,
  );
  await runner.stop();
  expect(receiver.received).toHaveLength(2);
});

test("sends what an earlier process left", async () => {
  const [receiver] = receivers as [WebhookReceiver];
  const system = await listeningTo(receiver);
  await waitingMessages(system, 1);
  const runner = startRunner(jobHandlers);
  await vi.waitFor(
    async () => expect(await rowsOf(system)).toMatchObject([{ deliveredAt: expect.any(Date), attempts: 1 }]),
    patiently,
  );
  await runner.stop();
});

test("reads null for a message that does not wait", async () => {
  expect(await readWaitingWebhook(job(), { deliveryId: newId() })).toBeNull();
});

test("a secret that cannot be decrypted delays its own messages only", async () => {
  const [receiver] = receivers as [WebhookReceiver];
  const [broken, whole] = [await listeningTo(receiver), await listeningTo(receiver)];
  const [held, sent] = [await waitingMessages(broken, 1), await waitingMessages(whole, 1)];
  await database()
    .update(serviceAccounts)
    .set({ webhookSecretEncrypted: Buffer.alloc(60, 1) })
    .where(eq(serviceAccounts.id, broken.serviceAccountId));
  // Another process, whose log is its standard output.
  const program = path.join(import.meta.dirname, "deliver-what-is-due.ts");
  const { code, stdout } = await runCommand(program, [], { LOG_LEVEL: "error" });
  expect(code).toBe(0);
  const logged = stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  expect(logged).toContainEqual(
    expect.objectContaining({
      serviceAccountId: broken.serviceAccountId,
      msg: expect.stringContaining("cannot be decrypted"),
    }),
  );
  expect(await sendTestWebhook(operator(), { serviceAccountId: broken.serviceAccountId })).toMatchObject({
    failure: "secret_unreadable",
  });
  expect([cameAbout(receiver, held), cameAbout(receiver, sent)]).toMatchObject([[], [{}]]);
  const [row] = await rowsOf(broken);
  expect(row).toMatchObject({ deliveredAt: null, abandonedAt: null, lastFailure: "secret_unreadable", attempts: 1 });
  const [waiting] = await database().select().from(jobs).where(eq(jobs.key, row!.id));
  expect(waiting!.runAt.getTime()).toBeGreaterThan(Date.now());
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
  const run = deliver();
  await vi.waitFor(() => expect(alive.received).toHaveLength(6), patiently);
  expect(dead.received).toHaveLength(4);
  // A new message is sent at once, too, while the other receiver is silent.
  await storedRecording(listening);
  await vi.waitFor(() => expect(alive.received).toHaveLength(7), patiently);
  expect((await rowsOf(silent)).some(({ deliveredAt }) => deliveredAt)).toBe(false);
  release();
  expect(await run).toEqual({ delivered: 7, failed: 6 });
});

test("a completion without a webhook leaves no waiting message", async () => {
  const messages = () => database().$count(jobs, eq(jobs.kind, "webhook"));
  await storedRecording(await phoneSystem());
  expect(await messages()).toBe(0);
  await storedRecording(await listeningTo(receivers[0]!));
  expect(await messages()).toBe(1);
});
