import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { sql } from "drizzle-orm";
import canonicalize from "canonicalize";
import postgres from "postgres";
import { Webhook } from "standardwebhooks";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { leafHash } from "@/lib/audit/merkle-tree";
import { readLeaves } from "@/lib/audit/seal-row";
import { database } from "@/lib/db/client";
import { auditEvents, auditSeals } from "@/lib/db/schema/audit";
import { openSiemBatch } from "@/lib/notifications/siem/open-siem-batch";
import { recordSiemDelivery } from "@/lib/notifications/siem/record-siem-delivery";
import { readSiemStream } from "@/lib/notifications/siem/read-siem-stream";
import { resetSiemStream } from "@/lib/notifications/siem/reset-siem-stream";
import { siemStreamJob } from "@/lib/notifications/siem/siem-stream-job";
import { jobContext } from "@/lib/operation/job-context";
import { append, asAttacker, ended, eventIds, seal } from "../../support/log-under-test";
import { loadTypescript } from "../../support/load-typescript";
import { appendSealed, begunStream, stream, streamContext, streamJob, streamRow } from "../../support/siem";
import { waitUntil } from "../../support/wait-until";
import { startWebhookReceiver, type Received, type WebhookReceiver } from "../../support/webhook-receiver";

type Sent = { id: string; seal: number; event: { content: { id: string; action: string } }; ocsf: object };

const secrets = [1, 2].map((byte) => `whsec_${Buffer.alloc(32, byte).toString("base64")}`);
const operator = () => jobContext("audit-command");

let siem: WebhookReceiver;

beforeAll(async () => {
  siem = await startWebhookReceiver();
  Object.assign(process.env, { SIEM_STREAM_URL: siem.url, SIEM_STREAM_SECRETS: secrets.join(",") });
});
beforeEach(async () => {
  answer(204);
  await begunStream();
  siem.received.length = 0;
});
afterAll(() => siem.close());

const answer = (status: number, headers: Record<string, string> = {}) =>
  siem.answerWith((_, response) => void response.writeHead(status, headers).end());
const eventsIn = ({ body }: Received) => (JSON.parse(body) as { data: { events: Sent[] } }).data.events;
const sent = () => siem.received.flatMap(eventsIn);
const sentIds = () => sent().map(({ id }) => id);
const idOf = ({ headers }: Received) => headers["webhook-id"];

describe("what is sent", () => {
  it("is every sealed event once, in log order, as its seal covers it, signed under both secrets", async () => {
    await appendSealed(3);
    await appendSealed(2);
    await stream();
    expect(sentIds()).toEqual((await eventIds()).slice(-5));
    for (const request of siem.received)
      for (const secret of secrets)
        expect(new Webhook(secret).verify(request.body, request.headers)).toMatchObject({ type: "audit_log.events" });
    for (const { seal: number, event } of sent())
      expect(await readLeaves(database(), number)).toContain(leafHash(canonicalize(event)!));
    expect(() =>
      new Webhook(`whsec_${Buffer.alloc(32, 9).toString("base64")}`).verify("{}", siem.received[0]!.headers),
    ).toThrow();
  });

  it("is nothing that no seal covers, and nothing twice", async () => {
    await append(2);
    await stream();
    expect(siem.received).toEqual([]);
    await seal();
    await stream();
    await stream();
    expect(sentIds()).toEqual((await eventIds()).slice(-2));
  });

  it("begins with the event that it began, not with what was sealed before", async () => {
    const all = await eventIds();
    const [row] = await database()
      .select()
      .from(auditEvents)
      .where(sql`${auditEvents.id} = ${all.at(-1)!}`);
    expect(row).toMatchObject({
      action: "siem_stream.started",
      actorId: "siem-stream",
      details: { format: "webhook", host: new URL(siem.url).host },
    });
    expect((await streamRow()).deliveredEvents).toBe(1);
    const deliveries = await database().select().from(auditEvents);
    expect(deliveries.filter(({ action }) => action.startsWith("siem_stream"))).toHaveLength(1);
  });

  it("goes in batches of 250 events or 256 KiB of lines, over many seals and within one", async () => {
    await append(260);
    await seal();
    for (let count = 0; count < 4; count += 1) await appendSealed(1);
    await stream();
    expect(siem.received.map((request) => eventsIn(request).length)).toEqual([250, 14]);
    expect(sentIds()).toEqual((await eventIds()).slice(-264));
  });

  it("continues after an epoch change with what is left of the old epoch, then the new one", async () => {
    await append(3);
    const [last] = (await eventIds()).slice(-1);
    await asAttacker(async (owner) => {
      await owner`update audit_events set epoch = 'older' where id <> ${last!}`;
      await owner`update audit_seals set epoch = 'older', anchor_epoch = 'older'`;
    });
    await seal();
    await ended();
    await seal();
    await stream();
    const started = (await eventIds()).at(-1)!;
    expect(sentIds()).toEqual([...(await eventIds()).slice(-4, -2), last, started]);
    const epochs = await database().selectDistinct({ epoch: auditSeals.epoch }).from(auditSeals);
    expect(epochs).toHaveLength(2);
  });
});

describe("a receiver that does not take it", () => {
  it.each([500, 503, 404, 401, 413])(
    "is tried again with the same id and body after %i, and loses nothing",
    async (status) => {
      answer(status);
      await appendSealed(2);
      await stream();
      await appendSealed(1);
      await stream();
      expect(await readSiemStream(operator(), {})).toMatchObject({
        failure: { code: `http_${status}`, tries: 2 },
        waiting: { events: 3 },
      });
      answer(204);
      await stream();
      const [first, second, third, rest] = siem.received;
      expect([second!.body, third!.body]).toEqual([first!.body, first!.body]);
      expect([second, third].map((request) => idOf(request!))).toEqual([idOf(first!), idOf(first!)]);
      expect(eventsIn(rest!)).toHaveLength(1);
      expect(await readSiemStream(operator(), {})).toMatchObject({ failure: null, waiting: { events: 0 } });
    },
  );

  it("gets the pause that it asks for with 429, and a growing one otherwise", async () => {
    answer(429, { "retry-after": "1800" });
    await appendSealed(1);
    await stream();
    const pause = async () => (await streamJob())!.runAt.getTime() - Date.now();
    expect(await pause()).toBeGreaterThan(1_700_000);
    answer(500);
    const pauses: number[] = [];
    for (let count = 0; count < 4; count += 1) {
      await stream();
      pauses.push(await pause());
    }
    expect(pauses).toEqual([...pauses].sort((one, other) => one - other));
    expect(pauses.at(-1)).toBeLessThanOrEqual(600_000);
    answer(429, { "retry-after": "99999999" });
    await stream();
    expect(await pause()).toBeLessThanOrEqual(3_600_000);
  });

  it("is not followed to another address", async () => {
    const other = await startWebhookReceiver();
    answer(307, { location: other.url });
    await appendSealed(1);
    await stream();
    expect(other.received).toEqual([]);
    expect(await readSiemStream(operator(), {})).toMatchObject({ failure: { code: "redirected" } });
    await other.close();
  });

  it("that breaks the connection after it took a batch gets the same batch again", async () => {
    siem.answerWith((_, response) => void response.destroy());
    await appendSealed(2);
    await stream();
    answer(204);
    await stream();
    expect(siem.received.map(idOf)).toEqual([idOf(siem.received[0]!), idOf(siem.received[0]!)]);
    expect(siem.received[1]!.body).toBe(siem.received[0]!.body);
    expect(await readSiemStream(operator(), {})).toMatchObject({ waiting: { events: 0 } });
  });
});

it("a process that is killed after the answer and before the record repeats the batch under its id", async () => {
  await appendSealed(3);
  const owner = postgres(process.env.MIGRATION_DATABASE_URL!, { max: 1, onnotice: () => undefined });
  const answered = new Promise<void>((resolve) =>
    siem.answerWith(async (_, response) => {
      await owner`begin`.simple();
      // Takes no transaction id, which would hold the sealing of other tests.
      await owner`lock table siem_stream in exclusive mode`;
      response.writeHead(204).end();
      resolve();
    }),
  );
  const program = fileURLToPath(new URL("./stream-once.ts", import.meta.url));
  const child = spawn(process.execPath, ["--import", loadTypescript, program], {
    stdio: ["ignore", "ignore", "inherit"],
  });
  const exited = once(child, "exit");
  await answered;
  await waitUntil("the process waits to record the delivery", async () => {
    const [row] = await database().execute<{ waits: boolean }>(
      sql`select exists (select 1 from pg_stat_activity where wait_event_type = 'Lock'
        and query like '%siem_stream%' and datname = current_database()) as waits`,
    );
    return row!.waits;
  });
  child.kill("SIGKILL");
  await exited;
  await owner`rollback`.simple();
  await owner.end();
  await appendSealed(2);
  answer(204);
  await stream();
  const [first, second, third] = siem.received;
  expect(second!.body).toBe(first!.body);
  expect(idOf(second!)).toBe(idOf(first!));
  expect(eventsIn(third!)).toHaveLength(2);
  expect(siem.received).toHaveLength(3);
});

describe("two processes at once", () => {
  it("send the same batch, and the place moves once", async () => {
    await appendSealed(2);
    const [one, other] = [await openSiemBatch(streamContext(), {}), await openSiemBatch(streamContext(), {})];
    await appendSealed(2);
    const third = await openSiemBatch(streamContext(), {});
    expect([other, third]).toEqual([one, one]);
    const taken = { outcome: "taken" as const, rejected: 0, reply: null };
    const before = (await streamRow()).deliveredEvents;
    for (const batch of [one!, other!]) await recordSiemDelivery(streamContext(), { batch, delivery: taken });
    const late = { outcome: "failed" as const, code: "timed_out" };
    await recordSiemDelivery(streamContext(), { batch: third!, delivery: late });
    expect(await streamRow()).toMatchObject({
      deliveredEvents: before + 2,
      failures: 0,
      eventId: one!.events[1]!.eventId,
    });
    expect((await openSiemBatch(streamContext(), {}))!.events).toHaveLength(2);
  });

  it("run as one job, so that one runs alone", async () => {
    await appendSealed(4);
    await Promise.all([stream(), stream()]);
    await stream();
    expect(new Set(sentIds()).size).toBe(4);
    expect(new Set(siem.received.map(idOf)).size).toBe(siem.received.length);
    expect(siemStreamJob.concurrency ?? 1).toBe(1);
  });
});

describe("an operator", () => {
  it("sends again from an event or a day on, with the same ids, as an event of the log", async () => {
    await appendSealed(5);
    await stream();
    const ids = sentIds();
    siem.received.length = 0;
    await resetSiemStream(operator(), { from: ids[2]! });
    await stream();
    expect(sentIds()).toEqual(ids.slice(2));
    await resetSiemStream(operator(), { from: "2026-01-01" });
    siem.received.length = 0;
    await stream();
    expect(sentIds().slice(-5)).toEqual(ids);
    const resets = await database()
      .select()
      .from(auditEvents)
      .where(sql`${auditEvents.action} = 'siem_stream.reset'`);
    expect(resets.map(({ actorId, details }) => [actorId, details.from])).toEqual([
      ["audit-command", ids[2]],
      ["audit-command", "2026-01-01"],
    ]);
  });

  it("may not name an unsealed event or a day without events; a late answer moves nothing", async () => {
    await append(1);
    const unsealed = (await eventIds()).at(-1)!;
    for (const from of [unsealed, "2999-01-01", "00000000-0000-4000-8000-000000000000"])
      await expect(resetSiemStream(operator(), { from })).rejects.toMatchObject({ code: "not_found" });
    await seal();
    const batch = (await openSiemBatch(streamContext(), {}))!;
    await resetSiemStream(operator(), { from: unsealed });
    const place = await streamRow();
    const delivery = { outcome: "taken" as const, rejected: 0, reply: null };
    await recordSiemDelivery(streamContext(), { batch, delivery });
    expect(await streamRow()).toEqual(place);
  });
});
