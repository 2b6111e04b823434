import { readFile } from "node:fs/promises";
import path from "node:path";
import { eq } from "drizzle-orm";
import postgres from "postgres";
import { afterAll, beforeAll, expect, test } from "vitest";
import { closeDatabase, database } from "@/lib/db/client";
import { recordings } from "@/lib/db/schema";
import { newId } from "@/lib/core/new-id";
import { runRetention } from "@/lib/deletion/runs/run-retention";
import { createRetentionPolicy } from "@/lib/retention/policies/create-retention-policy";
import { configuredStores } from "@/lib/storage/configured-store";
import { audioOf, smallAudio } from "../../support/audio-fixtures";
import { job, operator } from "../../support/people";
import { policyTerms } from "../../support/policies";
import {
  askTicket,
  callMetadata,
  completeTicket,
  eventsAbout,
  phoneSystem,
  plainMetadata,
  putContent,
  recordingRow,
  sendBytes,
  storedRecording,
  type PhoneSystem,
  type Ticket,
} from "../../support/uploads";

const owner = postgres(process.env.MIGRATION_DATABASE_URL!, { max: 1, onnotice: () => undefined });
let system: PhoneSystem;

beforeAll(async () => {
  // The default policy keeps calls for 180 days.
  system = await phoneSystem();
});
afterAll(() => owner.end());

const dayMs = 86_400_000;
const daysAgo = (days: number) => new Date(Date.now() - days * dayMs).toISOString();
const stored = (changes: Record<string, unknown>) => storedRecording(system, smallAudio(), changes);
const doubtOf = async (id: string) => (await recordingRow(id)).dateDoubt;
const run = async () => {
  // A signed link may still bring bytes: retention waits for its end.
  await owner`update upload_tickets set expires_at = now() - interval '1 day'`;
  await runRetention(job("retention"), { stores: configuredStores(), signal: AbortSignal.timeout(20_000) });
};

test.each<[string, Record<string, unknown>, string | null]>([
  ["a call of today", { startedAt: daysAgo(0) }, null],
  ["a call within its retention", { startedAt: daysAgo(178) }, null],
  ["an archive of 2019", { startedAt: "2019-03-04T10:20:30-03:00" }, "past_retention"],
  ["a machine that woke in 2000", { startedAt: "2000-01-01T00:00:12-02:00" }, "past_retention"],
  ["a machine that woke in 1970", { startedAt: "1969-12-31T21:00:12-03:00" }, "past_retention"],
  ["a clock some hours ahead", { startedAt: daysAgo(-0.9) }, null],
  ["a clock two days ahead", { startedAt: daysAgo(-2) }, "future"],
  ["a clock in the year 2106", { startedAt: "2106-02-07T06:28:15Z" }, "future"],
  ["a date that its sender doubts", { startedAt: daysAgo(1), doubtfulDate: true }, "sender"],
  ["an old call that may go at once", { startedAt: daysAgo(181), acceptDue: true }, null],
  ["an old call that may not", { startedAt: daysAgo(181), acceptDue: false }, "past_retention"],
  ["a future call: nobody can accept that it is due", { startedAt: daysAgo(-2), acceptDue: true }, "future"],
  ["a doubt beside an acceptance", { startedAt: daysAgo(400), acceptDue: true, doubtfulDate: true }, "sender"],
  ["neither, as null", { startedAt: daysAgo(400), acceptDue: null, doubtfulDate: null }, "past_retention"],
])("%s", async (_, changes, doubt) => {
  const id = await stored(changes);
  expect(await recordingRow(id)).toMatchObject({ state: "stored", dateDoubt: doubt });
  const [event] = await eventsAbout(id, "recording.stored");
  expect((event!.details as { dateDoubt?: string }).dateDoubt ?? null).toBe(doubt);
});

test("the run after an upload keeps every doubtful recording, and deletes what was accepted", async () => {
  const kept = await Promise.all([
    stored({ startedAt: daysAgo(1000) }),
    stored({ startedAt: daysAgo(-900) }),
    stored({ startedAt: daysAgo(1000), doubtfulDate: true }),
  ]);
  const accepted = await stored({ startedAt: daysAgo(1000), acceptDue: true });
  await run();
  for (const id of kept) expect(await recordingRow(id)).toMatchObject({ state: "stored" });
  expect(await recordingRow(accepted)).toMatchObject({ state: "deleted" });
});

test("the policy of the recording decides, not the default one", async () => {
  const terms = policyTerms(3650, { name: "Dez anos", match: { unitId: system.unitId, direction: "outbound" } });
  await createRetentionPolicy(operator(), { terms, reason: "Teste", acknowledgedDue: 0 });
  expect(await doubtOf(await stored({ startedAt: daysAgo(1000), direction: "outbound" }))).toBeNull();
  expect(await doubtOf(await stored({ startedAt: daysAgo(1000), direction: "inbound" }))).toBe("past_retention");
});

test("through the portal, and as another recording of the call: each is judged", async () => {
  const [file, other] = [smallAudio(), audioOf("b.wav", Buffer.concat([smallAudio().bytes, Buffer.alloc(64)]))];
  const metadata = plainMetadata(system.unitCode, file, { startedAt: daysAgo(1), doubtfulDate: true });
  const { id } = (await (await askTicket(system.headers, metadata)).json()) as Ticket;
  const put = async (bytes: Buffer) => (await (await putContent(system.headers, id, bytes)).json()) as { id: string };
  expect(await doubtOf((await put(file.bytes)).id)).toBe("sender");
  const second = await put(other.bytes);
  expect(second.id).not.toBe(id);
  expect(await doubtOf(second.id)).toBe("sender");
});

test("the last request before the upload counts; a request after it changes nothing", async () => {
  const file = smallAudio();
  const metadata = callMetadata(system.unitCode, file, { startedAt: daysAgo(1), doubtfulDate: true });
  await askTicket(system.headers, metadata);
  const ticket = (await (
    await askTicket(system.headers, { ...metadata, doubtfulDate: false, startedAt: daysAgo(400) })
  ).json()) as Ticket;
  await sendBytes(ticket, file.bytes);
  expect((await completeTicket(system.headers, ticket)).status).toBe(200);
  expect(await doubtOf(ticket.id)).toBe("past_retention");
  const again = await askTicket(system.headers, { ...metadata, acceptDue: true });
  expect(await again.json()).toMatchObject({ state: "stored" });
  expect(await recordingRow(ticket.id)).toMatchObject({ dateDoubt: "past_retention", acceptsDue: false });
});

test("the migration makes doubtful what the seven days kept at that moment, and nothing else", async () => {
  const [young, old, notDue, held] = [newId(), newId(), newId(), newId()];
  const ids = new Map<string, string>();
  for (const name of [young, old, notDue, held])
    ids.set(name, await stored({ sourceCallId: name, startedAt: daysAgo(1) }));
  const set = (name: string, columns: Partial<typeof recordings.$inferInsert>) =>
    database()
      .update(recordings)
      .set(columns)
      .where(eq(recordings.id, ids.get(name)!));
  const past = { retainUntil: new Date(daysAgo(100)), retentionPolicyVersion: 1 };
  await set(young, { ...past, storedAt: new Date(daysAgo(6.9)) });
  await set(old, { ...past, storedAt: new Date(daysAgo(7.1)) });
  await set(held, { ...past, state: "deleting", storedAt: new Date(daysAgo(1)) });
  await closeDatabase();
  await owner.unsafe(`drop index recordings_due; drop index recordings_doubtful_date;
    alter table recordings drop column date_doubt, drop column accepts_due;
    create index recordings_due on recordings (retain_until, id) where state = 'stored';
    alter table retention_runs rename column doubtful_date to just_arrived;
    alter table retention_runs rename column doubtful_date_by to just_arrived_by`);
  const statements = await readFile(path.resolve("drizzle/0032_doubtful_dates.sql"), "utf8");
  await owner.begin((tx) => tx.unsafe(statements));
  const doubts = await Promise.all([young, old, notDue, held].map((name) => doubtOf(ids.get(name)!)));
  expect(doubts).toEqual(["past_retention", null, null, null]);
});
