import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdir } from "node:fs/promises";
import path from "node:path";
import { request } from "node:http";
import { eq, inArray, sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { database } from "@/lib/db/client";
import { recordings, uploadTickets } from "@/lib/db/schema";
import { env } from "@/lib/core/env";
import { reconcileUploads } from "@/lib/uploads/reconcile/reconcile-uploads";
import { incomingPath } from "@/lib/storage/disk/disk-layout";
import { audio, audioFolder, type Audio } from "../../support/audio-fixtures";
import { job } from "../../support/people";
import { startPortalServer, type PortalServer } from "../../support/portal-server";
import { startPortalProcess } from "../../support/start-portal-process";
import { waitUntil } from "../../support/wait-until";
import {
  askTicket,
  callMetadata,
  complete,
  eventsAbout,
  phoneSystem,
  plainMetadata,
  putContent,
  recordingRow,
  recordingsOfCall,
  sendBytes,
  storedKeys,
  ticketsOf,
  type PhoneSystem,
  type Ticket,
} from "../../support/uploads";
import { loadTypescript } from "../../support/load-typescript";

let server: PortalServer;
let system: PhoneSystem;
let file: Audio;

beforeAll(async () => {
  server = await startPortalServer();
  system = await phoneSystem();
  file = audio("call-36-ogg-opus-stereo.opus");
});

afterAll(() => server.close());

const node = (program: string, environment: Record<string, string> = {}) =>
  [
    process.execPath,
    ["--import", loadTypescript, path.join(import.meta.dirname, program)],
    { env: { ...process.env, ...environment } },
  ] as const;

async function uploadUntilKilled(
  point: string,
  metadata = callMetadata(system.unitCode, file),
  sent = file,
): Promise<ReturnType<typeof callMetadata>> {
  const CUSTODIA_UPLOAD = JSON.stringify({
    point,
    origin: server.origin,
    apiKey: system.apiKey,
    metadata,
    file: path.join(audioFolder, sent.name),
  });
  const [program, parameters, options] = node("uploader-process.ts", { CUSTODIA_UPLOAD });
  const uploader = spawn(program, parameters, { ...options, stdio: "ignore" });
  const ended = once(uploader, "exit");
  if (point === "in-put") {
    await waitUntil("the portal receives the upload", async () => (await incoming()).length > 0);
    uploader.kill("SIGKILL");
  }
  expect((await ended)[1]).toBe("SIGKILL");
  return metadata;
}

async function recordingOf(metadata: ReturnType<typeof callMetadata>) {
  const [row] = await database().select().from(recordings).where(eq(recordings.sourceCallId, metadata.sourceCallId));
  return row!;
}

async function incoming(): Promise<string[]> {
  const settings = env();
  // The first upload creates the folder.
  return settings.STORE === "disk" ? readdir(incomingPath(settings.DISK_STORE_PATH)).catch(() => []) : [];
}

async function storeAgain(metadata: unknown): Promise<void> {
  const ticket = (await (await askTicket(system.headers, metadata)).json()) as Ticket;
  expect((await sendBytes(ticket, file.bytes)).status).toBe(200);
  expect((await complete(system.headers, ticket.id)).status).toBe(200);
}

test.each(["before-put", "in-put"])(
  "a phone system killed %s leaves nothing in the store; its next attempt succeeds",
  async (point) => {
    const metadata = await uploadUntilKilled(point);
    const { id, state } = await recordingOf(metadata);
    expect(state).toBe("pending");
    await vi.waitFor(async () => expect(await incoming()).toEqual([]), { timeout: 20_000 });
    expect(await storedKeys()).not.toContain((await ticketsOf(id))[0]!.objectKey);
    await storeAgain(metadata);
    expect((await recordingRow(id)).state).toBe("stored");
  },
);

test("the job completes the upload of a phone system killed after its PUT", async () => {
  const metadata = await uploadUntilKilled("after-put");
  const { id } = await recordingOf(metadata);
  expect((await recordingRow(id)).state).toBe("pending");
  await database()
    .update(uploadTickets)
    .set({ expiresAt: sql`now() - interval '6 minutes'` })
    .where(eq(uploadTickets.recordingId, id));
  expect(await reconcileUploads(job())).toMatchObject({ completed: 1, failed: 0 });
  expect(await recordingRow(id)).toMatchObject({ state: "stored", sizeBytes: file.sizeBytes });
});

test("the job completes both uploads of a phone system killed after it sent two recordings of one call", async () => {
  const other = audio("call-35-ogg-opus-stereo.opus");
  const call = callMetadata(system.unitCode, file);
  const files = [file, other];
  const metadata = files.map(({ contentType, sizeBytes, sha256 }) => ({ ...call, contentType, sizeBytes, sha256 }));
  await Promise.all(files.map((sent, index) => uploadUntilKilled("after-put", metadata[index], sent)));
  const pending = await recordingsOfCall(call.sourceCallId);
  expect(pending.map(({ state }) => state)).toEqual(["pending", "pending"]);
  await database()
    .update(uploadTickets)
    .set({ expiresAt: sql`now() - interval '6 minutes'` })
    .where(
      inArray(
        uploadTickets.recordingId,
        pending.map(({ id }) => id),
      ),
    );
  expect(await reconcileUploads(job())).toMatchObject({ completed: 2, failed: 0 });
  const stored = await recordingsOfCall(call.sourceCallId);
  expect(stored.map(({ id, state, sizeBytes }) => [id, state, sizeBytes]).sort()).toEqual(
    pending.map(({ id, sizeBytes }) => [id, "stored", sizeBytes]).sort(),
  );
  expect(stored.map(({ sha256 }) => sha256!.toString("hex")).sort()).toEqual([file.sha256, other.sha256].sort());
});

test("a portal killed in the middle of a PUT leaves no partial object, and another portal continues", async () => {
  const { kill9, origin } = await startPortalProcess();
  const metadata = callMetadata(system.unitCode, file);
  const asked = await fetch(`${origin}/api/recordings`, {
    method: "POST",
    headers: { ...system.headers, "content-type": "application/json" },
    body: JSON.stringify(metadata),
  });
  const ticket = (await asked.json()) as Ticket;

  const sent = request(ticket.upload!.url, {
    method: "PUT",
    headers: { ...ticket.upload!.headers, "content-length": String(file.sizeBytes) },
  });
  sent.on("error", () => undefined);
  sent.write(file.bytes.subarray(0, 900_000));
  await vi.waitFor(async () => expect(await incoming()).toHaveLength(1), { timeout: 20_000 });
  await kill9();

  const { objectKey } = (await ticketsOf(ticket.id))[0]!;
  expect(await storedKeys()).not.toContain(objectKey);
  const early = await complete(system.headers, ticket.id);
  expect([early.status, ((await early.json()) as { code: string }).code]).toEqual([409, "not_uploaded"]);
  // The same link at a running portal.
  const link = new URL(ticket.upload!.url);
  expect(
    (
      await sendBytes(
        { ...ticket, upload: { ...ticket.upload!, url: server.origin + link.pathname + link.search } },
        file.bytes,
      )
    ).status,
  ).toBe(200);
  expect((await complete(system.headers, ticket.id)).status).toBe(200);
});

test("a portal killed in the middle of a PUT leaves no object, and another accepts the same PUT", async () => {
  const { kill9, origin } = await startPortalProcess();
  const ticket = (await (await askTicket(system.headers, plainMetadata(system.unitCode, file))).json()) as Ticket;
  const sent = request(`${origin}/api/recordings/${ticket.id}/content`, {
    method: "PUT",
    headers: { ...system.headers, ...ticket.upload!.headers, "content-length": String(file.sizeBytes) },
  });
  sent.on("error", () => undefined);
  const before = (await incoming()).length;
  sent.write(file.bytes.subarray(0, 900_000));
  await vi.waitFor(async () => expect(await incoming()).toHaveLength(before + 1), { timeout: 20_000 });
  await kill9();

  const received = (await ticketsOf(ticket.id)).find(({ kind }) => kind === "received")!;
  expect(await storedKeys()).not.toContain(received.objectKey);
  await database()
    .update(uploadTickets)
    .set({ expiresAt: sql`now() - interval '61 minutes'` })
    .where(eq(uploadTickets.id, received.id));
  // Completing and sweeping run in parallel: a closed ticket may be swept in the same run or in the next.
  const rounds = [await reconcileUploads(job()), await reconcileUploads(job())];
  expect(rounds).toMatchObject([
    { completed: 0, failed: 0 },
    { completed: 0, failed: 0 },
  ]);
  expect(rounds[0]!.swept + rounds[1]!.swept).toBe(1);
  const [refused, swept] = (await eventsAbout(ticket.id)).slice(-2);
  expect(refused).toMatchObject({
    action: "recording.upload_refused",
    actorType: "job",
    details: { ticketId: received.id, code: "ticket_expired" },
  });
  expect(swept).toMatchObject({ action: "upload_ticket.swept", details: { ticketId: received.id } });
  expect(await incoming()).toHaveLength(before);

  expect((await putContent(system.headers, ticket.id, file.bytes)).status).toBe(200);
  expect(await recordingRow(ticket.id)).toMatchObject({ state: "stored", sizeBytes: file.sizeBytes });
});
