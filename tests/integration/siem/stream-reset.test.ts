import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { sql } from "drizzle-orm";
import postgres from "postgres";
import { today } from "@/lib/core/time";
import { database } from "@/lib/db/client";
import { auditEvents } from "@/lib/db/schema/audit";
import { readSiemStream } from "@/lib/notifications/siem/read-siem-stream";
import { resetSiemStream } from "@/lib/notifications/siem/reset-siem-stream";
import { jobContext } from "@/lib/operation/job-context";
import { asAttacker, eventIds } from "../../support/log-under-test";
import { appendSealed, begunStream, stream, streamRow } from "../../support/siem";
import { waitUntil } from "../../support/wait-until";
import { startWebhookReceiver, type WebhookReceiver } from "../../support/webhook-receiver";

let siem: WebhookReceiver;
const operator = () => jobContext("audit-command");
const answer = (status: number) => siem.answerWith((_, response) => void response.writeHead(status).end());
const sentIds = () =>
  siem.received.flatMap(({ body }) =>
    (JSON.parse(body) as { data: { events: { id: string }[] } }).data.events.map(({ id }) => id),
  );

beforeAll(async () => {
  siem = await startWebhookReceiver();
  const secret = `whsec_${Buffer.alloc(32, 1).toString("base64")}`;
  Object.assign(process.env, { SIEM_STREAM_URL: siem.url, SIEM_STREAM_SECRETS: secret });
});
beforeEach(async () => {
  answer(204);
  await begunStream();
  siem.received.length = 0;
});
afterAll(() => siem.close());

it("never skips an event: a place after the present one is refused, earlier ones are not", async () => {
  await appendSealed(2);
  await stream();
  answer(503);
  await appendSealed(3);
  await appendSealed(2);
  await asAttacker(async (owner) => {
    await owner`update audit_seals set sealed_at = sealed_at - interval '2 days'
      where sequence < (select max(sequence) from audit_seals)`;
  });
  const ids = (await eventIds()).slice(-7);
  const place = await streamRow();
  const events = await database().$count(auditEvents);
  for (const from of [...ids.slice(3), today()])
    await expect(resetSiemStream(operator(), { from })).rejects.toMatchObject({ code: "events_not_sent" });
  expect([await streamRow(), await database().$count(auditEvents)]).toEqual([place, events]);
  await resetSiemStream(operator(), { from: ids[2]! });
  await resetSiemStream(operator(), { from: ids[1]! });
  answer(204);
  siem.received.length = 0;
  await stream();
  expect(sentIds().slice(0, 6)).toEqual(ids.slice(1));
});

it("does not end the alarm of a stream that stands", async () => {
  answer(503);
  await appendSealed(1);
  await asAttacker(async (owner) => {
    await owner`update siem_stream set moved_at = moved_at - interval '2 hours'`;
    await owner`update audit_seals set sealed_at = sealed_at - interval '2 hours'`;
  });
  await resetSiemStream(operator(), { from: (await eventIds())[0]! });
  expect(await readSiemStream(operator(), {})).toMatchObject({ isStopped: true });
  answer(204);
  await stream();
  expect(await readSiemStream(operator(), {})).toMatchObject({ isStopped: false });
  // Of a stream that moves, old events that are sent again are no alarm.
  await resetSiemStream(operator(), { from: (await eventIds())[0]! });
  expect(await readSiemStream(operator(), {})).toMatchObject({ isStopped: false });
});

it("holds neither the stream nor a transaction id while it looks for the place", async () => {
  await appendSealed(2);
  await stream();
  const from = (await eventIds()).at(-1)!;
  const owner = postgres(process.env.MIGRATION_DATABASE_URL!, { max: 1, onnotice: () => undefined });
  await owner`begin`.simple();
  await owner`lock table audit_seals in access exclusive mode`;
  const reset = resetSiemStream(operator(), { from });
  const waiting = () =>
    database().execute<{ xid: string | null }>(sql`select backend_xid::text as xid from pg_stat_activity
      where wait_event_type = 'Lock' and query like '%audit_seals%' and datname = current_database()`);
  await waitUntil("the command waits for the seals", async () => (await waiting()).length === 1);
  expect(await waiting()).toMatchObject([{ xid: null }]);
  await database().execute(sql`select 1 from siem_stream for update nowait`);
  await owner`rollback`.simple();
  await owner.end();
  await reset;
  expect((await streamRow()).generation).toBe(1);
});

it("finds a day and an event among many seals without reading all of them", async () => {
  await appendSealed(2);
  await stream();
  const [first] = await eventIds();
  const last = await asAttacker(async (owner) => {
    await owner`update audit_seals set sealed_at = '2010-01-01'`;
    const [row] = await owner<{ last: number }[]>`select max(sequence)::int as last from audit_seals`;
    // One a day, without events; the 5000th on 2030-01-01.
    await owner`insert into audit_seals
      select (jsonb_populate_record(null::audit_seals, to_jsonb(s) || jsonb_build_object(
        'sequence', s.sequence + n, 'epoch', 'other', 'transaction_from', n::text, 'transaction_to', (n + 1)::text,
        'sealed_at', timestamptz '2030-01-01 12:00Z' + (n - 5000) * interval '1 day'))).*
      from audit_seals s, generate_series(1, 10000) n where s.sequence = ${row!.last}`;
    await owner`update siem_stream set seal = ${row!.last + 10_000}, transaction_id = null, event_id = null`;
    await owner`analyze audit_seals`;
    return row!.last;
  });
  const reads = async () => {
    const [row] = await database().execute<{ rows: number; looks: number }>(sql`select seq_tup_read::int as rows,
      idx_scan::int as looks from pg_stat_user_tables where relname = 'audit_seals'`);
    return row!;
  };
  const before = await reads();
  for (const [day, number] of [
    ["2030-03-02", 5060],
    ["2030-01-01", 5000],
    ["2029-12-31", 4999],
    ["2010-01-02", 1],
  ] as const)
    expect(await resetSiemStream(operator(), { from: day })).toMatchObject({ seal: last + number - 1 });
  expect(await resetSiemStream(operator(), { from: "2009-01-01" })).toMatchObject({ seal: 0 });
  expect(await resetSiemStream(operator(), { from: first! })).toMatchObject({ eventId: null });
  await waitUntil("the reads are counted", async () => (await reads()).looks >= before.looks + 40);
  expect((await reads()).rows - before.rows).toBeLessThan(10_000);
});
