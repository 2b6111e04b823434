import { mkdir, rename, rm, writeFile } from "node:fs/promises";
import { and, eq, sql } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { database } from "@/lib/db/client";
import { jobs, uploadTickets } from "@/lib/db/schema";
import { newId } from "@/lib/core/new-id";
import { claimJobs } from "@/lib/jobs/claim-jobs";
import { auditedTransaction } from "@/lib/operation/audited-transaction";
import { enqueueUploadJobs } from "@/lib/uploads/reconcile/enqueue-upload-jobs";
import { reconcileUploads } from "@/lib/uploads/reconcile/reconcile-uploads";
import { closeTickets } from "@/lib/uploads/ticket-closing";
import { jobsTurnComes } from "../../support/background-jobs";
import { smallAudio } from "../../support/audio-fixtures";
import { job } from "../../support/people";
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

const copy = vi.hoisted(() => {
  const folder = `${process.env.DISK_STORE_PATH}-copy`;
  process.env.STORAGE_COPIES = JSON.stringify([
    { name: "second-site", kind: "disk", path: folder, keys: process.env.DISK_STORE_KEYS },
  ]);
  return folder;
});
/** A file in place of the copy's folder: nothing in it can be deleted. */
const takeCopyAway = async () => {
  await mkdir(copy, { recursive: true });
  await rename(copy, `${copy}-away`);
  await writeFile(copy, "away");
};
const bringCopyBack = async () => {
  await rm(copy);
  await rename(`${copy}-away`, copy);
};

let system: PhoneSystem;

beforeAll(async () => {
  system = await phoneSystem();
});
beforeEach(async () => {
  await jobsTurnComes();
  expect(await reconcileUploads(job())).toMatchObject({ failed: 0 });
});
afterAll(() => rm(copy, { recursive: true, force: true }));

const sweepJobs = () => database().select().from(jobs).where(eq(jobs.kind, "upload_sweep"));
const inMinutes = (at: Date) => Math.round((at.getTime() - Date.now()) / 60_000);

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

  // The others wait for their next attempt: the next run begins with the remaining one.
  expect(await reconcileUploads(job())).toMatchObject({ swept: 0, failed: 1 });
  expect(await reconcileUploads(job())).toMatchObject({ swept: 0, failed: 0 });
  const waiting = await sweepJobs();
  expect(waiting.map(({ key }) => key).sort()).toEqual((await sweepable(stuck)).map(({ id }) => id).sort());
  for (const { tries, runAt } of waiting) expect([tries, inMinutes(runAt)]).toEqual([1, 1]);

  await bringCopyBack();
  await jobsTurnComes();
  expect(await reconcileUploads(job())).toMatchObject({ swept: 201, failed: 0 });
  expect(await sweepJobs()).toEqual([]);
});

test("a ticket that was never tried comes before repeated attempts, and the oldest comes first", async () => {
  const [failed] = await sweepable(await sweepableTickets(1));
  await takeCopyAway();
  expect(await reconcileUploads(job())).toMatchObject({ failed: 1 });
  await jobsTurnComes();
  const fresh = await sweepable(await sweepableTickets(2));
  const [younger, older] = fresh.map(({ id }) => id) as [string, string];
  await database()
    .update(uploadTickets)
    .set({ expiresAt: sql`now() - interval '3 hours'` })
    .where(eq(uploadTickets.id, older));
  await enqueueUploadJobs(job(), {});
  const claim = async () => (await claimJobs([{ kind: "upload_sweep", busyLanes: [], leaseMs: 60_000 }]))[0]?.key;
  expect([await claim(), await claim(), await claim(), await claim()]).toEqual([older, younger, failed!.id, undefined]);
  await bringCopyBack();
});

test("postpones a ticket longer each time, an hour at most, once for two runs", async () => {
  await sweepableTickets(1);
  await takeCopyAway();
  const failedOnce = async () => {
    await jobsTurnComes();
    const runs = await Promise.all([reconcileUploads(job()), reconcileUploads(job())]);
    expect(runs.map(({ failed }) => failed).sort()).toEqual([0, 1]);
    const [waiting, ...others] = await sweepJobs();
    expect(others).toEqual([]);
    return [waiting!.tries, inMinutes(waiting!.runAt), waiting!.deadAt];
  };
  expect([await failedOnce(), await failedOnce(), await failedOnce()]).toEqual([
    [1, 1, null],
    [2, 2, null],
    [3, 4, null],
  ]);
  await database().update(jobs).set({ tries: 40 });
  expect(await failedOnce()).toEqual([41, 60, null]);
  await bringCopyBack();
});

test("an upload that its sender completed meanwhile is neither completed again nor counted", async () => {
  const sent = await sentUpload();
  const before = await eventsAbout(sent);
  await enqueueUploadJobs(job(), {});
  expect((await complete(system.headers, sent)).status).toBe(200);
  expect(await reconcileUploads(job())).toEqual({ completed: 0, rejected: 0, swept: 0, failed: 0 });
  expect((await eventsAbout(sent)).slice(before.length)).toMatchObject([
    { action: "recording.stored", actorType: "service" },
  ]);
});

test("failures to complete an upload do not delay the sweep of its ticket", async () => {
  const sent = await sentUpload();
  const [ticket] = await ticketsOf(sent);
  const later = { id: newId(), kind: "upload_completion" as const, key: ticket!.id, payload: { ticketId: ticket!.id } };
  await database()
    .insert(jobs)
    .values({ ...later, tries: 9, runAt: sql`now() + interval '1 hour'` });
  await auditedTransaction((tx) => closeTickets(tx, sent, "rejected"));
  await database()
    .update(uploadTickets)
    .set({ expiresAt: sql`now() - interval '2 hours'` })
    .where(eq(uploadTickets.id, ticket!.id));
  expect(await reconcileUploads(job())).toMatchObject({ completed: 0, swept: 1, failed: 0 });
  await jobsTurnComes();
  expect(await reconcileUploads(job())).toEqual({ completed: 0, rejected: 0, swept: 0, failed: 0 });
  expect((await ticketsOf(sent)).map(({ outcome }) => outcome)).toEqual(["swept"]);
});

test("never sweeps or lists the key of a stored recording", async () => {
  const id = await storedRecording(system);
  await database()
    .update(uploadTickets)
    .set({ outcome: "superseded", expiresAt: sql`now() - interval '2 hours'` })
    .where(eq(uploadTickets.recordingId, id));
  await enqueueUploadJobs(job(), {});
  expect(await sweepJobs()).toEqual([]);
  expect(await reconcileUploads(job())).toMatchObject({ swept: 0, failed: 0 });
  expect(await storedKeys()).toContain((await recordingRow(id)).objectKey);
});
