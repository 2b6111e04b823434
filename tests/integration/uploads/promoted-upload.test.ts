import { eq, sql } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { database } from "@/lib/db/client";
import { uploadTickets } from "@/lib/db/schema";
import { env } from "@/lib/core/env";
import { claimErasure } from "@/lib/deletion/claim-erasure";
import { recordings } from "@/lib/db/schema";
import { smallAudio } from "../../support/audio-fixtures";
import { job } from "../../support/people";
import { call } from "../../support/portal";
import { SupabaseEdge } from "../../support/supabase/edge-server";
import type { MemoryBucket } from "../../support/supabase/memory-bucket";
import {
  askTicket,
  callMetadata,
  complete,
  eventsAbout,
  phoneSystem,
  recordingRow,
  ticketsOf,
  type PhoneSystem,
  type Ticket,
} from "../../support/uploads";
import { describeRacedUploads } from "./raced-uploads";

const edge = await SupabaseEdge.start();
const bucket: MemoryBucket = edge.bucket("recordings");
Object.assign(process.env, {
  STORE: "supabase",
  SUPABASE_URL: edge.url,
  SUPABASE_SERVICE_KEY: edge.serviceKey,
  SUPABASE_BUCKET: "recordings",
});

const file = smallAudio();
const wrong = Buffer.from(file.bytes.map((byte, index) => (index === 5000 ? byte ^ 1 : byte)));
let system: PhoneSystem;

beforeAll(async () => {
  system = await phoneSystem();
});
beforeEach(() => {
  edge.intercept = null;
});
afterAll(() => edge.close());

async function ask(metadata: unknown = callMetadata(system.unitCode, file)) {
  const ticket = (await (await askTicket(system.headers, metadata)).json()) as Ticket;
  const [row] = (await ticketsOf(ticket.id)).slice(-1);
  return { id: ticket.id, link: ticket.upload!, own: row!.objectKey, promoted: row!.promotedKey! };
}
const send = ({ url, headers }: { url: string; headers: Record<string, string> }, bytes = file.bytes) =>
  fetch(url, { method: "PUT", headers, body: new Uint8Array(bytes) });
const age = (id: string, interval: string) =>
  database()
    .update(uploadTickets)
    .set({ expiresAt: sql`now() - ${interval}::interval` })
    .where(eq(uploadTickets.recordingId, id));
const reconcile = async () =>
  (await (
    await call("GET", "/api/cron/reconcile", { headers: { authorization: `Bearer ${env().CRON_SECRET}` } })
  ).json()) as Record<string, number>;

describeRacedUploads("an upload by a Supabase link", {
  system: () => system,
  send: async ({ upload }, { bytes }) => {
    const sent = await send(upload!, bytes);
    if (!sent.ok) throw new Error(String(sent.status));
  },
});

test("is stored under an undisclosed key; what the old link writes later is swept once", async () => {
  const upload = await ask();
  expect(JSON.stringify(upload.link)).not.toContain(upload.promoted);
  expect((await send(upload.link)).status).toBe(200);
  expect((await complete(system.headers, upload.id)).status).toBe(200);
  expect(await recordingRow(upload.id)).toMatchObject({
    state: "stored",
    objectKey: upload.promoted,
    encryption: null,
  });
  expect(await eventsAbout(upload.id, "recording.stored")).toMatchObject([
    { details: { encryption: "unverifiable", sha256: file.sha256 } },
  ]);
  expect([...bucket.objects.keys()]).not.toContain(upload.own);

  expect((await send(upload.link, wrong)).status).toBe(200);
  expect((await complete(system.headers, upload.id)).status).toBe(200);
  await age(upload.id, "31 minutes");
  expect(await reconcile()).toMatchObject({ swept: 1, failed: 0 });
  expect(await reconcile()).toMatchObject({ swept: 0, failed: 0 });
  expect(bucket.objects.has(upload.own)).toBe(false);
  expect(bucket.objects.get(upload.promoted)!.bytes.equals(file.bytes)).toBe(true);
  expect(await eventsAbout(upload.id, "upload_ticket.swept")).toMatchObject([{ details: { versionsDeleted: 1 } }]);
  expect(await recordingRow(upload.id)).toMatchObject({ state: "stored", objectKey: upload.promoted });
});

test("of wrong bytes is rejected and leaves nothing under either key", async () => {
  const upload = await ask();
  await send(upload.link, wrong);
  expect(await (await complete(system.headers, upload.id)).json()).toMatchObject({ code: "checksum_mismatch" });
  expect([upload.own, upload.promoted].filter((key) => bucket.objects.has(key))).toEqual([]);
});

test("is finished by the job when the portal stops after the move, and stored once", async () => {
  const upload = await ask();
  await send(upload.link);
  edge.intercept = (incoming, outgoing) => {
    if (!incoming.url!.endsWith("/object/move")) return false;
    bucket.move("service", upload.own, upload.promoted);
    outgoing.destroy();
    return true;
  };
  expect((await complete(system.headers, upload.id)).status).toBe(503);
  expect((await recordingRow(upload.id)).state).toBe("pending");
  edge.intercept = null;
  await age(upload.id, "6 minutes");
  expect(await reconcile()).toMatchObject({ completed: 1, failed: 0 });
  expect(await recordingRow(upload.id)).toMatchObject({ state: "stored", objectKey: upload.promoted });
  expect(await eventsAbout(upload.id, "recording.stored")).toHaveLength(1);
});

test("superseded after its object was moved is swept under both keys; the new recording stays", async () => {
  const metadata = callMetadata(system.unitCode, file);
  const first = await ask(metadata);
  await send(first.link);
  bucket.move("service", first.own, first.promoted);
  await send(first.link);
  const second = await ask(metadata);
  await send(second.link);
  expect((await complete(system.headers, second.id)).status).toBe(200);
  await age(first.id, "31 minutes");
  expect((await reconcile()).failed).toBe(0);
  expect([first.own, first.promoted, second.own].filter((key) => bucket.objects.has(key))).toEqual([]);
  expect((await recordingRow(second.id)).objectKey).toBe(second.promoted);
  expect(bucket.objects.has(second.promoted)).toBe(true);
});

test("is deleted under every key of the recording", async () => {
  const upload = await ask();
  await send(upload.link);
  await complete(system.headers, upload.id);
  await age(upload.id, "31 minutes");
  await database()
    .update(recordings)
    .set({ state: "deleting", deletingAt: new Date(0), deletionReason: "retention_expired" })
    .where(eq(recordings.id, upload.id));
  const claim = await claimErasure(job("retention"), { recordingId: upload.id });
  expect(claim!.objectKeys.toSorted()).toEqual([upload.own, upload.promoted].toSorted());
});

test("reports an unavailable store, also when the ticket is requested", async () => {
  edge.intercept = (_, outgoing) => (outgoing.destroy(), true);
  const refused = await askTicket(system.headers, callMetadata(system.unitCode, file));
  expect([refused.status, ((await refused.json()) as { code: string }).code]).toEqual([503, "store_unavailable"]);
});
