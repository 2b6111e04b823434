import { spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { eq, sql } from "drizzle-orm";
import { Webhook } from "standardwebhooks";
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { database } from "@/lib/db/client";
import { jobs, uploadTickets, webhookDeliveries } from "@/lib/db/schema";
import { env } from "@/lib/core/env";
import { startRunner } from "@/lib/jobs/start-runner";
import { jobHandlers } from "@/lib/schedule/job-handlers";
import { listWebhookDeliveries } from "@/lib/access/webhooks/list-webhook-deliveries";
import { removeWebhook } from "@/lib/access/webhooks/remove-webhook";
import { setWebhook } from "@/lib/access/webhooks/set-webhook";
import { smallAudio } from "../../support/audio-fixtures";
import { jobsTurnComes, workOff } from "../../support/background-jobs";
import { operator } from "../../support/people";
import { call } from "../../support/portal";
import {
  askTicket,
  callMetadata,
  complete,
  eventsAbout,
  phoneSystem,
  recordingRow,
  sendBytes,
  type PhoneSystem,
  type Ticket,
} from "../../support/uploads";
import { startWebhookReceiver, type WebhookReceiver } from "../../support/webhook-receiver";
import { loadTypescript } from "../../support/load-typescript";
import { waitUntil } from "../../support/wait-until";

let receiver: WebhookReceiver;
let system: PhoneSystem;
let secret: string;

beforeAll(async () => {
  receiver = await startWebhookReceiver();
});
beforeEach(async () => {
  // Removes waiting messages of an earlier test.
  await database().delete(webhookDeliveries);
  await database().delete(jobs);
  receiver.answerWith((_, response) => void response.writeHead(204).end());
  receiver.received.length = 0;
  system = await phoneSystem();
  secret = (await setWebhook(operator(), { serviceAccountId: system.serviceAccountId, url: receiver.url })).secret!;
});
afterAll(() => receiver.close());

async function upload(from: PhoneSystem = system): Promise<{ id: string; sourceCallId: string }> {
  const metadata = callMetadata(from.unitCode, smallAudio());
  const ticket = (await (await askTicket(from.headers, metadata)).json()) as Ticket;
  await sendBytes(ticket, smallAudio().bytes);
  expect((await complete(from.headers, ticket.id)).status).toBe(200);
  return { id: ticket.id, sourceCallId: metadata.sourceCallId };
}

const deliveriesOf = (recordingId: string) =>
  database().select().from(webhookDeliveries).where(eq(webhookDeliveries.recordingId, recordingId));
/** Sends the due messages. */
async function deliver(): Promise<{ delivered: number; failed: number }> {
  const { webhook = { done: 0, failed: 0 } } = await workOff("webhook");
  return { delivered: webhook.done, failed: webhook.failed };
}
async function sent(recordingId: string) {
  await deliver();
  return (await deliveriesOf(recordingId))[0]!;
}
const waitingJob = async () => (await database().select().from(jobs).where(eq(jobs.kind, "webhook")))[0];
const verified = (index: number) =>
  new Webhook(secret).verify(receiver.received[index]!.body, receiver.received[index]!.headers) as Record<
    string,
    unknown
  >;

describe("the message about a recording", () => {
  test("is sent soon after it was stored, signed, with ids and codes only", async () => {
    const runner = startRunner(jobHandlers);
    const { id, sourceCallId } = await upload();
    const sha256 = (await recordingRow(id)).sha256!.toString("hex");
    await vi.waitFor(async () => expect(await deliveriesOf(id)).toMatchObject([{ deliveredAt: expect.any(Date) }]), {
      timeout: 20_000,
    });
    await runner.stop();
    const [row] = (await deliveriesOf(id)) as [Awaited<ReturnType<typeof sent>>];
    expect(row).toMatchObject({ event: "recording.stored", attempts: 1, abandonedAt: null, lastFailure: null });
    expect(receiver.received).toHaveLength(1);
    expect(verified(0)).toEqual({
      type: "recording.stored",
      timestamp: row.createdAt.toISOString(),
      data: {
        ...{ recordingId: id, source: "central", sourceCallId, sourceRecordingId: `sha256:${sha256}` },
        ...{ sha256, isEmpty: false, code: null },
      },
    });
    expect(receiver.received[0]!.headers).toMatchObject({ "webhook-id": row.id, "content-type": "application/json" });
    expect(await eventsAbout(id, "webhook.delivered")).toMatchObject([
      {
        actorType: "job",
        actorId: "webhook",
        outcome: "success",
        details: { deliveryId: row.id, event: "recording.stored", attempt: 1 },
      },
    ]);
    expect(JSON.stringify(await eventsAbout(id))).not.toContain("127.0.0.1");
    const forged = receiver.received[0]!.body.replace("stored", "failed");
    expect(() => new Webhook(secret).verify(forged, receiver.received[0]!.headers)).toThrow("No matching signature");
  });

  test("names the code when it was rejected, sent by the job that noticed", async () => {
    const ticket = (await (
      await askTicket(system.headers, callMetadata(system.unitCode, smallAudio()))
    ).json()) as Ticket;
    await database()
      .update(uploadTickets)
      .set({ expiresAt: sql`now() - interval '6 minutes'` })
      .where(eq(uploadTickets.recordingId, ticket.id));
    await call("GET", "/api/cron/reconcile", { headers: { authorization: `Bearer ${env().CRON_SECRET}` } });
    // The same call of the job has sent it.
    expect(receiver.received).toHaveLength(1);
    expect(verified(0)).toMatchObject({
      type: "recording.failed",
      data: { recordingId: ticket.id, code: "ticket_expired" },
    });
  });

  test("is not sent again for a repeated completion", async () => {
    const { id } = await upload();
    await sent(id);
    for (let times = 0; times < 3; times += 1) expect((await complete(system.headers, id)).status).toBe(200);
    await deliver();
    expect(await deliveriesOf(id)).toHaveLength(1);
    expect(receiver.received).toHaveLength(1);
  });

  test("is neither stored nor sent for a phone system without a webhook", async () => {
    const { id } = await upload(await phoneSystem());
    await deliver();
    expect(await deliveriesOf(id)).toEqual([]);
    expect(receiver.received).toEqual([]);
  });
});

describe("a receiver that does not accept a message", () => {
  test.each([
    ["answers 500", "http_500", (response) => void response.writeHead(500).end("no")],
    ["answers 404 with a long body", "http_404", (response) => void response.writeHead(404).end("x".repeat(1_000_000))],
    ["cuts the connection", "unreachable", (response) => void response.destroy()],
    ["redirects elsewhere", "redirected", (response) => void response.writeHead(307, { location: "/elsewhere" }).end()],
  ] as Array<[string, string, (response: import("node:http").ServerResponse) => void]>)(
    "%s: the message is retried with the same id and delivered in the end",
    async (_, code, refuse) => {
      receiver.answerWith((_request, response) => refuse(response));
      const { id } = await upload();
      const waiting = await sent(id);
      expect(waiting).toMatchObject({ deliveredAt: null, abandonedAt: null, attempts: 1, lastFailure: code });
      expect((await waitingJob())!.runAt.getTime()).toBeGreaterThan(waiting.createdAt.getTime() + 5_000);
      expect(await waitingJob()).toMatchObject({ lane: system.serviceAccountId, lastError: code });
      // It is not due yet.
      expect(await deliver()).toEqual({ delivered: 0, failed: 0 });
      await jobsTurnComes();
      expect(await deliver()).toEqual({ delivered: 0, failed: 1 });
      receiver.answerWith((_request, response) => void response.writeHead(200).end());
      await jobsTurnComes();
      expect(await deliver()).toEqual({ delivered: 1, failed: 0 });
      expect(receiver.received.map(({ path: asked }) => asked)).toEqual(["/custodia", "/custodia", "/custodia"]);
      expect(new Set(receiver.received.map(({ headers }) => headers["webhook-id"]))).toEqual(new Set([waiting.id]));
      expect(new Set(receiver.received.map(({ body }) => body)).size).toBe(1);
      expect((await deliveriesOf(id))[0]).toMatchObject({
        attempts: 3,
        lastFailure: null,
        deliveredAt: expect.any(Date),
      });
    },
  );

  test("never answers: the attempt ends at the time-out", async () => {
    receiver.answerWith(() => undefined);
    const { id } = await upload();
    expect(await sent(id)).toMatchObject({ lastFailure: "timed_out" });
  });

  test("fails for a day: the message is abandoned with an event and never sent again", async () => {
    receiver.answerWith((_request, response) => void response.writeHead(503).end());
    const { id } = await upload();
    await sent(id);
    await database()
      .update(webhookDeliveries)
      .set({ createdAt: sql`now() - interval '25 hours'` });
    await jobsTurnComes();
    await deliver();
    expect((await deliveriesOf(id))[0]).toMatchObject({
      deliveredAt: null,
      abandonedAt: expect.any(Date),
      lastFailure: "http_503",
    });
    expect(await eventsAbout(id, "webhook.abandoned")).toMatchObject([
      { outcome: "failure", details: { code: "http_503", attempt: 2 } },
    ]);
    await jobsTurnComes();
    expect(await deliver()).toEqual({ delivered: 0, failed: 0 });
  });

  test("is removed: waiting messages are abandoned and not sent", async () => {
    receiver.answerWith((_request, response) => void response.writeHead(503).end());
    const { id } = await upload();
    await sent(id);
    await removeWebhook(operator(), { serviceAccountId: system.serviceAccountId });
    await jobsTurnComes();
    expect(await deliver()).toEqual({ delivered: 0, failed: 0 });
    expect((await deliveriesOf(id))[0]).toMatchObject({ abandonedAt: expect.any(Date), lastFailure: "not_configured" });
    expect(await waitingJob()).toBeUndefined();
    expect(receiver.received).toHaveLength(1);
  });
});

describe("workers", () => {
  test("send each message once when four run at once", async () => {
    receiver.answerWith((_request, response) => void response.writeHead(503).end());
    const uploads = await Promise.all(Array.from({ length: 8 }, () => upload()));
    for (const { id } of uploads) await sent(id);
    receiver.received.length = 0;
    // Answers only when several requests wait at the same time.
    receiver.answerWith(async (_request, response) => {
      await waitUntil("four messages have come", () => receiver.received.length >= 4);
      response.writeHead(200).end();
    });
    await jobsTurnComes();
    const runs = await Promise.all(Array.from({ length: 4 }, () => deliver()));
    expect(runs.reduce((sum, { delivered }) => sum + delivered, 0)).toBe(8);
    expect(receiver.received).toHaveLength(8);
    expect(new Set(receiver.received.map(({ headers }) => headers["webhook-id"])).size).toBe(8);
  });

  test("killed between sending and recording send again under the same id; one delivery is recorded", async () => {
    receiver.answerWith((_request, response) => void response.writeHead(503).end());
    const { id } = await upload();
    await sent(id);
    await jobsTurnComes();
    receiver.received.length = 0;
    const program = path.join(import.meta.dirname, "deliver-what-is-due.ts");
    const child = spawn(process.execPath, ["--import", loadTypescript, program], {
      env: process.env,
      stdio: "inherit",
    });
    receiver.answerWith((_request, response) => (child.kill("SIGKILL"), void response.writeHead(200).end()));
    const [, signal] = (await once(child, "exit")) as [number | null, string | null];
    expect(signal).toBe("SIGKILL");
    expect((await deliveriesOf(id))[0]).toMatchObject({ deliveredAt: null, attempts: 1 });
    expect(await waitingJob()).toMatchObject({ attempts: 2, leasedUntil: expect.any(Date) });
    const [shown] = await listWebhookDeliveries(operator(), {});
    expect(shown).toMatchObject({ state: "waiting", attempts: 2, nextAttemptAt: expect.any(Date) });
    // The killed process's lease is still valid.
    expect(await deliver()).toEqual({ delivered: 0, failed: 0 });
    await jobsTurnComes();
    receiver.answerWith((_request, response) => void response.writeHead(200).end());
    expect(await deliver()).toEqual({ delivered: 1, failed: 0 });
    expect(receiver.received.map(({ headers }) => headers["webhook-id"])).toEqual([
      (await deliveriesOf(id))[0]!.id,
      (await deliveriesOf(id))[0]!.id,
    ]);
    expect(await eventsAbout(id, "webhook.delivered")).toHaveLength(1);
  });
});
