import { eq } from "drizzle-orm";
import { Webhook } from "standardwebhooks";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { database } from "@/lib/db/client";
import { auditEvents, serviceAccounts } from "@/lib/db/schema";
import { newId } from "@/lib/core/new-id";
import type { OperationContext } from "@/lib/operation/operation";
import { createServiceAccount } from "@/lib/access/service-accounts/create-service-account";
import { listServiceAccounts } from "@/lib/access/service-accounts/list-service-accounts";
import { listWebhookDeliveries } from "@/lib/access/webhooks/list-webhook-deliveries";
import { removeWebhook } from "@/lib/access/webhooks/remove-webhook";
import { rotateWebhookSecret } from "@/lib/access/webhooks/rotate-webhook-secret";
import { sendTestWebhook } from "@/lib/access/webhooks/send-test-webhook";
import { setWebhook } from "@/lib/access/webhooks/set-webhook";
import { operator, signedInAs } from "../../../support/people";
import { phoneSystem, storedRecording } from "../../../support/uploads";
import { startWebhookReceiver, type WebhookReceiver } from "../../../support/webhook-receiver";

let receiver: WebhookReceiver;

beforeAll(async () => {
  receiver = await startWebhookReceiver();
});
afterAll(() => receiver.close());

const account = async () => (await createServiceAccount(operator(), { name: `PABX ${newId()}` })).serviceAccountId;
const eventsOf = ({ requestId }: OperationContext) =>
  database().select().from(auditEvents).where(eq(auditEvents.requestId, requestId));

async function rowOf(serviceAccountId: string) {
  const [row] = await database().select().from(serviceAccounts).where(eq(serviceAccounts.id, serviceAccountId));
  return row!;
}

test("sets, changes, rotates, tests and removes a webhook, each with an event that holds no address", async () => {
  const serviceAccountId = await account();
  const context = operator();
  const { secret } = await setWebhook(context, { serviceAccountId, url: receiver.url });
  expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
  const moved = `${receiver.url}/2`;
  expect(await setWebhook(context, { serviceAccountId, url: moved })).toEqual({ serviceAccountId, secret: null });
  expect(await setWebhook(context, { serviceAccountId, url: moved })).toEqual({ serviceAccountId, secret: null });

  expect(await sendTestWebhook(context, { serviceAccountId })).toEqual({ serviceAccountId, failure: null });
  const first = receiver.received.at(-1)!;
  expect(first.path).toBe("/custodia/2");
  expect(new Webhook(secret!).verify(first.body, first.headers)).toMatchObject({ type: "webhook.test", data: {} });

  const rotated = (await rotateWebhookSecret(context, { serviceAccountId })).secret;
  await sendTestWebhook(context, { serviceAccountId });
  const second = receiver.received.at(-1)!;
  expect(new Webhook(rotated).verify(second.body, second.headers)).toBeTruthy();
  // The replaced secret still signs for a day; earlier secrets do not.
  expect(new Webhook(secret!).verify(second.body, second.headers)).toBeTruthy();
  const last = (await rotateWebhookSecret(context, { serviceAccountId })).secret;
  await sendTestWebhook(context, { serviceAccountId });
  const third = receiver.received.at(-1)!;
  for (const valid of [rotated, last]) expect(new Webhook(valid).verify(third.body, third.headers)).toBeTruthy();
  expect(() => new Webhook(secret!).verify(third.body, third.headers)).toThrow();
  const listed = async () => (await listServiceAccounts(context, {})).find(({ id }) => id === serviceAccountId)!;
  expect(Math.round(((await listed()).oldSecretUntil!.getTime() - Date.now()) / 3_600_000)).toBe(24);
  await database()
    .update(serviceAccounts)
    .set({ webhookOldSecretUntil: new Date() })
    .where(eq(serviceAccounts.id, serviceAccountId));
  expect((await listed()).oldSecretUntil).toBeNull();
  await sendTestWebhook(context, { serviceAccountId });
  const fourth = receiver.received.at(-1)!;
  expect(new Webhook(last).verify(fourth.body, fourth.headers)).toBeTruthy();
  expect(() => new Webhook(rotated).verify(fourth.body, fourth.headers)).toThrow();
  receiver.answerWith((_, response) => void response.writeHead(500).end());
  expect(await sendTestWebhook(context, { serviceAccountId })).toEqual({ serviceAccountId, failure: "http_500" });

  const kept = await rowOf(serviceAccountId);
  expect(kept.webhookSecretEncrypted!.includes(last.slice(6))).toBe(false);
  await removeWebhook(context, { serviceAccountId });
  await removeWebhook(context, { serviceAccountId });
  expect(await rowOf(serviceAccountId)).toMatchObject({
    webhookUrl: null,
    webhookSecretEncrypted: null,
    webhookOldSecretEncrypted: null,
    webhookOldSecretUntil: null,
  });

  const events = await eventsOf(context);
  expect(events.map(({ action, outcome }) => [action, outcome])).toEqual([
    ["service_account.webhook_set", "success"],
    ["service_account.webhook_set", "success"],
    ["service_account.webhook_tested", "success"],
    ["service_account.webhook_secret_rotated", "success"],
    ["service_account.webhook_tested", "success"],
    ["service_account.webhook_secret_rotated", "success"],
    ["service_account.webhook_tested", "success"],
    ["service_account.webhook_tested", "success"],
    ["service_account.webhook_tested", "failure"],
    ["service_account.webhook_removed", "success"],
  ]);
  expect(JSON.stringify(events.map(({ details, targetId }) => [details, targetId]))).not.toMatch(/127\.0\.0\.1|whsec/);
});

test("shows the secret once: no list and no second response holds it", async () => {
  const serviceAccountId = await account();
  const { secret } = await setWebhook(operator(), { serviceAccountId, url: receiver.url });
  const listed = (await listServiceAccounts(operator(), {})).find(({ id }) => id === serviceAccountId)!;
  expect(Object.keys(listed).sort()).toEqual([
    "active",
    "areaCode",
    "createdAt",
    "id",
    "keys",
    "name",
    "oldSecretUntil",
    "outsidePrefix",
    "webhookUrl",
  ]);
  expect(JSON.stringify(listed)).not.toContain(secret!.slice(6));
});

describe("refuses", () => {
  test.each([
    "http://telefonia.empresa.example/aviso",
    "ftp://127.0.0.1/x",
    "https://usuario:senha@empresa.example/",
    "not an address",
    "",
    `https://e.example/${"x".repeat(500)}`,
  ])("the address %j", async (url) => {
    const serviceAccountId = await account();
    await expect(setWebhook(operator(), { serviceAccountId, url })).rejects.toMatchObject({ code: "invalid_input" });
    expect((await rowOf(serviceAccountId)).webhookUrl).toBeNull();
  });

  test("a webhook or a service account that does not exist", async () => {
    const serviceAccountId = await account();
    for (const operation of [rotateWebhookSecret, sendTestWebhook])
      await expect(operation(operator(), { serviceAccountId })).rejects.toMatchObject({ code: "conflict" });
    for (const operation of [rotateWebhookSecret, sendTestWebhook, removeWebhook])
      await expect(operation(operator(), { serviceAccountId: newId() })).rejects.toMatchObject({ code: "not_found" });
    await expect(setWebhook(operator(), { serviceAccountId: newId(), url: receiver.url })).rejects.toMatchObject({
      code: "not_found",
    });
  });
});

test("lists the last messages for administrators and auditors", async () => {
  const system = await phoneSystem();
  await setWebhook(operator(), { serviceAccountId: system.serviceAccountId, url: receiver.url });
  const ids = [];
  for (let count = 0; count < 3; count += 1) ids.push(await storedRecording(system));
  const auditor = await (await signedInAs("auditor")).context();
  const listed = (await listWebhookDeliveries(auditor, { perAccount: 2 })).filter(
    ({ serviceAccountId }) => serviceAccountId === system.serviceAccountId,
  );
  expect(listed.map(({ recordingId }) => recordingId)).toEqual(ids.slice(1).reverse());
  expect(listed[0]).toMatchObject({ event: "recording.stored" });
  await expect(listWebhookDeliveries(await (await signedInAs("dpo")).context(), {})).rejects.toMatchObject({
    code: "forbidden",
  });
});
