import { eq, sql } from "drizzle-orm";
import { beforeAll, beforeEach, expect, test } from "vitest";
import { database } from "@/lib/db/client";
import { recordingWaveforms, uploadTickets } from "@/lib/db/schema";
import { env } from "@/lib/core/env";
import { claimJobs } from "@/lib/jobs/claim-jobs";
import { jobsTurnComes } from "../../support/background-jobs";
import { audio, smallAudio, type Audio } from "../../support/audio-fixtures";
import { call } from "../../support/portal";
import {
  askTicket,
  callMetadata,
  complete,
  eventsAbout,
  phoneSystem,
  recordingRow,
  sendBytes,
  storedKeys,
  storedRecording,
  ticketsOf,
  type PhoneSystem,
  type Ticket,
} from "../../support/uploads";

let system: PhoneSystem;
let file: Audio;

beforeAll(async () => {
  system = await phoneSystem();
  file = smallAudio();
});

// Each test begins without leftovers.
beforeEach(async () => void (await reconcile()));

async function reconcile(): Promise<Record<string, number>> {
  const answered = await call("GET", "/api/cron/reconcile", {
    headers: { authorization: `Bearer ${env().CRON_SECRET}` },
  });
  expect(answered.status).toBe(200);
  return (await answered.json()) as Record<string, number>;
}

async function ask(metadata: unknown = callMetadata(system.unitCode, file)): Promise<Ticket> {
  return (await (await askTicket(system.headers, metadata)).json()) as Ticket;
}

/** Lets time pass for the tickets of a recording. */
const age = (recordingId: string, interval: string) =>
  database()
    .update(uploadTickets)
    .set({ expiresAt: sql`now() - ${interval}::interval` })
    .where(eq(uploadTickets.recordingId, recordingId));

test("completes an upload that was sent and never completed", async () => {
  const ticket = await ask();
  await sendBytes(ticket, file.bytes);
  expect(await reconcile()).toMatchObject({ completed: 0, rejected: 0 });
  await age(ticket.id, "6 minutes");
  expect(await reconcile()).toMatchObject({ completed: 1, rejected: 0, failed: 0 });
  expect(await recordingRow(ticket.id)).toMatchObject({ state: "stored", sizeBytes: file.sizeBytes });
  expect(await eventsAbout(ticket.id, "recording.stored")).toMatchObject([{ actorType: "job", actorId: "reconcile" }]);
  expect((await complete(system.headers, ticket.id)).status).toBe(200);
});

test("rejects once what was never sent; a new request is possible", async () => {
  const metadata = callMetadata(system.unitCode, file);
  const ticket = await ask(metadata);
  await age(ticket.id, "6 minutes");
  expect(await reconcile()).toMatchObject({ completed: 0, rejected: 1, failed: 0 });
  expect(await reconcile()).toMatchObject({ completed: 0, rejected: 0, failed: 0 });
  expect(await recordingRow(ticket.id)).toMatchObject({ state: "rejected", rejectionCode: "ticket_expired" });
  expect(await eventsAbout(ticket.id, "recording.rejected")).toMatchObject([
    { actorType: "job", outcome: "failure", details: { code: "ticket_expired" } },
  ]);
  expect((await ask(metadata)).state).toBe("pending");
});

test("sweeps what was sent by a superseded ticket, and keeps the stored recording", async () => {
  const metadata = callMetadata(system.unitCode, file);
  const first = await ask(metadata);
  await sendBytes(first, file.bytes);
  const second = await ask(metadata);
  await sendBytes(second, file.bytes);
  await complete(system.headers, second.id);
  const [abandoned, kept] = (await ticketsOf(first.id)).map(({ objectKey }) => objectKey) as [string, string];
  expect(await storedKeys()).toEqual(expect.arrayContaining([abandoned, kept]));

  await age(first.id, "20 minutes");
  expect(await reconcile()).toMatchObject({ swept: 0 });
  await age(first.id, "61 minutes");
  expect(await reconcile()).toMatchObject({ swept: 1, failed: 0 });
  expect(await storedKeys()).not.toContain(abandoned);
  expect(await storedKeys()).toContain(kept);
  expect((await ticketsOf(first.id)).map(({ outcome }) => outcome)).toEqual(["swept", "completed"]);
  expect(await eventsAbout(first.id, "upload_ticket.swept")).toMatchObject([
    { actorType: "job", details: { versionsDeleted: 1 } },
  ]);
  expect(await reconcile()).toMatchObject({ swept: 0 });
});

test("sweeps bytes that arrived after the rejection", async () => {
  const ticket = await ask();
  await age(ticket.id, "6 minutes");
  await reconcile();
  expect((await sendBytes(ticket, file.bytes)).status).toBe(200);
  await age(ticket.id, "61 minutes");
  expect(await reconcile()).toMatchObject({ swept: 1 });
  expect(await storedKeys()).not.toContain((await ticketsOf(ticket.id))[0]!.objectKey);
});

test("computes a waveform that a stopped process left undone", async () => {
  const id = await storedRecording(system, audio("call-19-mp3-mono.mp3"));
  expect((await recordingRow(id)).waveformState).toBe("waiting");
  // The process that ran it is gone, and its lease has expired.
  await claimJobs([{ kind: "waveform", busyLanes: [], leaseMs: 60_000 }]);
  expect(await reconcile()).toMatchObject({ waveforms: 0, failed: 0 });
  await jobsTurnComes();
  expect(await reconcile()).toMatchObject({ waveforms: 1, failed: 0 });
  expect(await recordingRow(id)).toMatchObject({ waveformState: "ready", channels: 1 });
  expect(await database().$count(recordingWaveforms, eq(recordingWaveforms.recordingId, id))).toBe(1);
  expect(await reconcile()).toMatchObject({ waveforms: 0, failed: 0 });
});

test("does everything once in two parallel runs", async () => {
  const tickets = await Promise.all(Array.from({ length: 6 }, () => ask()));
  for (const ticket of tickets.slice(3)) await sendBytes(ticket, file.bytes);
  for (const ticket of tickets) await age(ticket.id, "6 minutes");
  const runs = await Promise.all([reconcile(), reconcile()]);
  expect(runs.map(({ failed }) => failed)).toEqual([0, 0]);
  const states = await Promise.all(tickets.map(async ({ id }) => (await recordingRow(id)).state));
  expect(states).toEqual(["rejected", "rejected", "rejected", "stored", "stored", "stored"]);
  for (const { id } of tickets.slice(0, 3)) expect(await eventsAbout(id, "recording.rejected")).toHaveLength(1);
  for (const { id } of tickets.slice(3)) expect(await eventsAbout(id, "recording.stored")).toHaveLength(1);
});
