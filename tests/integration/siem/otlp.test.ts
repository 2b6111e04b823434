import { eq } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { findAlerts } from "@/lib/compliance/alerts/alert-rules";
import { recipientsSection } from "@/lib/compliance/facts/processing-facts";
import { readSettings } from "@/lib/compliance/oversight/oversight-settings";
import { today } from "@/lib/core/time";
import { database } from "@/lib/db/client";
import { auditEvents } from "@/lib/db/schema/audit";
import { closeSiemRejections } from "@/lib/notifications/siem/close-siem-rejections";
import { describeFailure, readSiemStream } from "@/lib/notifications/siem/read-siem-stream";
import { resetSiemStream } from "@/lib/notifications/siem/reset-siem-stream";
import { jobContext } from "@/lib/operation/job-context";
import { readHealth } from "@/lib/overview/read-health";
import { asAttacker, eventIds } from "../../support/log-under-test";
import { appendSealed, begunStream, rejectionRows, stream, streamJob, streamRow } from "../../support/siem";
import { startWebhookReceiver, type WebhookReceiver } from "../../support/webhook-receiver";

let siem: WebhookReceiver;
const operator = () => jobContext("audit-command");

beforeAll(async () => {
  siem = await startWebhookReceiver();
  Object.assign(process.env, {
    SIEM_STREAM_URL: `${siem.url}/otlp/`,
    SIEM_STREAM_FORMAT: "otlp",
    SIEM_STREAM_HEADERS: "authorization=Bearer%20t0ken,x-tenant=custodia",
  });
});
beforeEach(async () => {
  answer("{}");
  await begunStream();
  siem.received.length = 0;
});
afterAll(() => siem.close());

const answer = (body: string) =>
  siem.answerWith((_, response) => void response.writeHead(200, { "content-type": "application/json" }).end(body));
const refuse = (rejectedLogRecords: unknown, errorMessage = "too old") =>
  answer(JSON.stringify({ partialSuccess: { rejectedLogRecords, errorMessage } }));

/** opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest, as its JSON is written; nothing else is in it. */
const anyValue: z.ZodType = z.lazy(() =>
  z.union([
    z.strictObject({ stringValue: z.string() }),
    z.strictObject({ boolValue: z.boolean() }),
    z.strictObject({ intValue: z.union([z.int(), z.string().regex(/^-?\d+$/)]) }),
    z.strictObject({ doubleValue: z.number() }),
    z.strictObject({ arrayValue: z.strictObject({ values: z.array(anyValue) }) }),
    z.strictObject({ kvlistValue: z.strictObject({ values: z.array(keyValue) }) }),
    z.strictObject({}),
  ]),
);
const keyValue = z.strictObject({ key: z.string().min(1), value: anyValue });
const count = z.int().min(0).optional();
const nanoseconds = z.string().regex(/^\d{19}$/);
const logRecord = z.strictObject({
  timeUnixNano: nanoseconds,
  observedTimeUnixNano: nanoseconds,
  severityNumber: z.int().min(1).max(24),
  severityText: z.string(),
  body: z.strictObject({ stringValue: z.string() }),
  eventName: z.string(),
  attributes: z.array(keyValue),
  droppedAttributesCount: count,
});
const scope = z.strictObject({ name: z.string(), version: z.string() });
const resource = z.strictObject({ attributes: z.array(keyValue), droppedAttributesCount: count });
const exportRequest = z.strictObject({
  resourceLogs: z.array(
    z.strictObject({ resource, scopeLogs: z.array(z.strictObject({ scope, logRecords: z.array(logRecord) })) }),
  ),
});

const recordsIn = (body: string) =>
  exportRequest
    .parse(JSON.parse(body))
    .resourceLogs.flatMap(({ scopeLogs }) => scopeLogs.flatMap(({ logRecords }) => logRecords));
const attribute = (record: z.output<typeof logRecord>, name: string) =>
  record.attributes.find(({ key }) => key === name)?.value;

describe("an OTLP receiver", () => {
  it("gets each event once as a log record, with its line, times and id, as the settings say", async () => {
    await appendSealed(3);
    await stream();
    await stream();
    const [request, ...others] = siem.received;
    expect(others).toEqual([]);
    expect(request).toMatchObject({
      path: "/custodia/otlp/v1/logs",
      headers: { authorization: "Bearer t0ken", "x-tenant": "custodia", "content-type": "application/json" },
    });
    const records = recordsIn(request!.body);
    const ids = (await eventIds()).slice(-3);
    expect(records.map((record) => attribute(record, "log.record.uid"))).toEqual(
      ids.map((stringValue) => ({ stringValue })),
    );
    const [event] = await database().select().from(auditEvents).where(eq(auditEvents.id, ids[0]!));
    const [record] = records;
    expect(record).toMatchObject({ eventName: event!.action, severityNumber: 9, severityText: "INFO" });
    expect(BigInt(record!.timeUnixNano)).toBe(BigInt(event!.occurredAt.getTime()) * 1_000_000n);
    expect(JSON.parse(record!.body.stringValue)).toMatchObject({
      content: { id: ids[0], details: event!.details },
      hmac: event!.hmac.toString("hex"),
    });
    expect(attribute(record!, "client.address")).toEqual({ stringValue: event!.ipAddress });
    expect(attribute(record!, "user.id")).toEqual({ stringValue: event!.actorId });
  });

  it.each([
    ...["{}", "", "\n", '{"partialSuccess":{}}', '{"partialSuccess":null}'],
    '{"partialSuccess":{"rejectedLogRecords":"0","errorMessage":"a hint"}}',
  ])("that answers 200 with %j took all", async (body) => {
    answer(body);
    await appendSealed(2);
    await stream();
    expect(await rejectionRows()).toEqual([]);
    expect(await readSiemStream(operator(), {})).toMatchObject({ waiting: { events: 0 }, rejections: [] });
  });
});

it("is a recipient in the register of processing, where there is one", async () => {
  const recipients = async (...receiver: [null?]) =>
    JSON.stringify((await recipientsSection(database(), ...receiver)).rows);
  expect(await recipients()).toContain(`"SIEM","${new URL(siem.url).host}: `);
  expect(await recipients(null)).not.toContain("SIEM");
});

describe("a batch that was taken in part", () => {
  const problems = async () => {
    const health = await readHealth();
    return health.status === "degraded" ? health.problems : [];
  };
  const alerts = async () =>
    (await findAlerts(database(), [today()], await readSettings(database()))).filter(
      ({ rule }) => rule === "siem_stream_stopped",
    );

  it("is named, alarms, is not repeated by itself, and does not stop the others", async () => {
    refuse("2");
    await appendSealed(3);
    await stream();
    answer("{}");
    await appendSealed(1);
    await stream();
    expect(siem.received).toHaveLength(2);
    const ids = (await eventIds()).slice(-4);
    const rejection = { firstEventId: ids[0], lastEventId: ids[2], events: 3, rejected: 2, reply: "too old" };
    expect(await readSiemStream(operator(), {})).toMatchObject({ rejections: [rejection], waiting: { events: 0 } });
    expect(await problems()).toContain("siem_events_rejected");
    expect(await alerts()).toMatchObject([{ subject: "rejected" }]);
  });

  it("ends when its events are sent again, or an operator closes it, and not before", async () => {
    refuse(1);
    await appendSealed(2);
    await stream();
    answer("{}");
    const [first] = (await eventIds()).slice(-2);
    await appendSealed(1);
    await stream();
    const later = (await eventIds()).at(-1)!;
    await resetSiemStream(operator(), { from: later });
    expect((await readSiemStream(operator(), {}))!.rejections).toHaveLength(1);
    await resetSiemStream(operator(), { from: first! });
    expect((await readSiemStream(operator(), {}))!.rejections).toEqual([]);
    siem.received.length = 0;
    await stream();
    expect(recordsIn(siem.received[0]!.body)).toHaveLength(3);
    expect(await problems()).not.toContain("siem_events_rejected");
    refuse(9);
    await appendSealed(1);
    await stream();
    answer("{}");
    expect(await closeSiemRejections(operator(), {})).toEqual({ batches: 1 });
    expect(await closeSiemRejections(operator(), {})).toEqual({ batches: 0 });
    expect(await alerts()).toEqual([]);
    const { action } = auditEvents;
    expect(
      await database().select().from(auditEvents).where(eq(action, "siem_stream.rejections_closed")),
    ).toMatchObject([{ details: expect.objectContaining({ batches: 1 }) as object }]);
  });

  it("makes no event for each batch: the log would never end", async () => {
    refuse(1);
    await appendSealed(1);
    const before = await database().$count(auditEvents);
    await stream();
    await stream();
    expect(await database().$count(auditEvents)).toBe(before);
  });

  it.each([
    [
      "is longer than 64 KiB",
      JSON.stringify({ partialSuccess: { rejectedLogRecords: 1, errorMessage: "x".repeat(70_000) } }),
    ],
    ["is no JSON", "ok"],
    ["is no object", "[]"],
    ["has a number that is none", '{"partialSuccess":{"rejectedLogRecords":-1}}'],
  ])("counts as refused whole if the answer %s: nobody knows how many", async (_, body) => {
    answer(body);
    await appendSealed(3);
    await stream();
    expect(await rejectionRows()).toMatchObject([
      { events: 3, rejected: 3, reply: expect.stringMatching(/^unreadable answer: .{2,}/) as string },
    ]);
    expect(await problems()).toContain("siem_events_rejected");
    expect(await readSiemStream(operator(), {})).toMatchObject({ waiting: { events: 0 }, failure: null });
  });

  it("is recorded once though the answer's text has U+0000, which the database cannot store", async () => {
    refuse(1, "too\0 old");
    await appendSealed(2);
    await stream();
    await stream();
    expect(siem.received).toHaveLength(1);
    expect(await rejectionRows()).toMatchObject([{ rejected: 1, reply: "too old" }]);
  });

  it("and a stream that stands for an hour are alarms; one that waits for minutes is none", async () => {
    siem.answerWith((_, response) => void response.writeHead(503).end());
    await appendSealed(1);
    await stream();
    expect(await problems()).not.toContain("siem_stream_stopped");
    expect(await alerts()).toEqual([]);
    await asAttacker(async (owner) => {
      await owner`update siem_stream set moved_at = moved_at - interval '2 hours'`;
      await owner`update audit_seals set sealed_at = sealed_at - interval '2 hours'`;
    });
    expect(await problems()).toContain("siem_stream_stopped");
    expect(await alerts()).toMatchObject([{ subject: "stream", value: 2 }]);
    answer("{}");
    await stream();
    expect(await problems()).not.toContain("siem_stream_stopped");
    expect(await alerts()).toEqual([]);
  });
});

describe("a delivery that the portal cannot record or make", () => {
  const fails = (sql: string) => asAttacker(async (owner) => void (await owner.unsafe(sql)));

  it.each([
    ["siem_rejections add constraint broken check (false)", "siem_rejections drop constraint broken"],
    ["audit_seals rename column event_count to broken", "audit_seals rename column broken to event_count"],
  ])("is a failure with a code and the stream's pauses: %s", async (breaks, mends) => {
    refuse(1);
    await appendSealed(1);
    await fails(`alter table ${breaks}`);
    try {
      await stream();
      await stream();
      const [row, job] = [await streamRow(), (await streamJob())!];
      expect(row).toMatchObject({ lastFailure: "internal", failures: 2 });
      expect(job.runAt.getTime() - Date.now()).toBeLessThanOrEqual(10_000);
      expect(job.lastError).toBeNull();
      expect(describeFailure(row.lastFailure!)).toContain("the portal could not");
    } finally {
      await fails(`alter table ${mends}`);
    }
    answer("{}");
    await stream();
    expect(await readSiemStream(operator(), {})).toMatchObject({ failure: null, waiting: { events: 0 } });
  });
});
