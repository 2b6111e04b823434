import { rm, writeFile } from "node:fs/promises";
import { and, eq, sql } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { database } from "@/lib/db/client";
import { uploadTickets } from "@/lib/db/schema";
import { newId } from "@/lib/core/new-id";
import { listTicketsToReconcile } from "@/lib/uploads/reconcile/list-tickets-to-reconcile";
import { postponeTicket } from "@/lib/uploads/reconcile/postpone-ticket";
import { reconcileUploads } from "@/lib/uploads/reconcile/reconcile-uploads";
import { smallAudio } from "../../support/audio-fixtures";
import { job } from "../../support/people";
import {
  askTicket,
  callMetadata,
  phoneSystem,
  recordingRow,
  sendBytes,
  storedKeys,
  storedRecording,
  type PhoneSystem,
  type Ticket,
} from "../../support/uploads";

const copy = vi.hoisted(() => {
  const folder = `${process.env.DISK_STORE_PATH}-copy`;
  process.env.STORAGE_COPIES = JSON.stringify([
    { name: "second-site", kind: "disk", path: folder, keys: process.env.DISK_STORE_KEYS },
  ]);
  return folder;
});
/** A file in place of the copy's folder: nothing in it can be deleted. */
const takeCopyAway = () => writeFile(copy, "away");
const bringCopyBack = () => rm(copy);

let system: PhoneSystem;

beforeAll(async () => {
  system = await phoneSystem();
});
beforeEach(async () => {
  await itsTimeComes();
  expect(await reconcileUploads(job())).toMatchObject({ failed: 0 });
});
afterAll(() => rm(copy, { recursive: true, force: true }));

const itsTimeComes = () =>
  database()
    .update(uploadTickets)
    .set({ reconcileRetryAt: sql`now()` });
const inMinutes = (at: Date | null) => Math.round((at!.getTime() - Date.now()) / 60_000);

async function sentUpload(): Promise<string> {
  const ticket = (await (
    await askTicket(system.headers, callMetadata(system.unitCode, smallAudio()))
  ).json()) as Ticket;
  await sendBytes(ticket, smallAudio().bytes);
  await database()
    .update(uploadTickets)
    .set({ expiresAt: sql`now() - interval '6 minutes'` })
    .where(eq(uploadTickets.recordingId, ticket.id));
  return ticket.id;
}

/** Closed tickets whose keys have to be swept, of a recording that is stored. */
async function sweepableTickets(count: number): Promise<string> {
  const recordingId = await storedRecording(system);
  const closed = Array.from({ length: count }, () => ({
    id: newId(),
    recordingId,
    objectKey: `recordings/${newId()}`,
    expiresAt: sql`now() - interval '2 hours'`,
    closedAt: sql`now() - interval '2 hours'`,
    outcome: "superseded" as const,
  }));
  await database().insert(uploadTickets).values(closed);
  return recordingId;
}

const sweepable = (recordingId: string) =>
  database()
    .select()
    .from(uploadTickets)
    .where(and(eq(uploadTickets.recordingId, recordingId), eq(uploadTickets.outcome, "superseded")));

test("201 failing sweeps delay neither a completion nor a sweep that was never tried", async () => {
  const stuck = await sweepableTickets(201);
  await takeCopyAway();
  const sent = await sentUpload();
  expect(await reconcileUploads(job())).toMatchObject({ completed: 1, swept: 0, failed: 200 });
  expect(await recordingRow(sent)).toMatchObject({ state: "stored" });

  // The others are postponed: the next run begins with the remaining one.
  expect(await reconcileUploads(job())).toMatchObject({ swept: 0, failed: 1 });
  expect(await reconcileUploads(job())).toMatchObject({ swept: 0, failed: 0 });
  for (const { reconcileAttempts, reconcileRetryAt } of await sweepable(stuck))
    expect([reconcileAttempts, inMinutes(reconcileRetryAt)]).toEqual([1, 1]);

  await bringCopyBack();
  await itsTimeComes();
  expect(await reconcileUploads(job())).toMatchObject({ swept: 200, failed: 0 });
  expect(await reconcileUploads(job())).toMatchObject({ swept: 1, failed: 0 });
});

test("postpones a ticket longer each time, an hour at most, once for two runs; never a closed one", async () => {
  const [waiting] = await sweepable(await sweepableTickets(1));
  const ticketId = waiting!.id;
  const ticket = async () => (await database().select().from(uploadTickets).where(eq(uploadTickets.id, ticketId)))[0]!;
  for (const [attempts, minutes] of [
    [0, 1],
    [1, 2],
    [2, 4],
  ] as const) {
    await Promise.all([1, 2].map(() => postponeTicket(job(), { ticketId, work: "sweep", attempts })));
    const { reconcileAttempts, reconcileRetryAt } = await ticket();
    expect([reconcileAttempts, inMinutes(reconcileRetryAt)]).toEqual([attempts + 1, minutes]);
  }
  await postponeTicket(job(), { ticketId, work: "finish", attempts: 3 });
  expect((await ticket()).reconcileAttempts).toBe(3);
  await database().update(uploadTickets).set({ reconcileAttempts: 40 }).where(eq(uploadTickets.id, ticketId));
  await postponeTicket(job(), { ticketId, work: "sweep", attempts: 40 });
  expect(inMinutes((await ticket()).reconcileRetryAt)).toBe(60);
  await itsTimeComes();
  await reconcileUploads(job());
  await postponeTicket(job(), { ticketId, work: "sweep", attempts: 41 });
  expect(await ticket()).toMatchObject({ outcome: "swept", reconcileAttempts: 41 });
});

test("never sweeps or lists the key of a stored recording", async () => {
  const id = await storedRecording(system);
  await database()
    .update(uploadTickets)
    .set({ outcome: "superseded", expiresAt: sql`now() - interval '2 hours'` })
    .where(eq(uploadTickets.recordingId, id));
  expect(await listTicketsToReconcile(job(), { work: "sweep", limit: 10 })).toEqual([]);
  expect(await reconcileUploads(job())).toMatchObject({ swept: 0, failed: 0 });
  expect(await storedKeys()).toContain((await recordingRow(id)).objectKey);
});
