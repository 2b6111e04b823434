import { eq } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { database } from "@/lib/db/client";
import { dataKeys } from "@/lib/db/schema";
import { smallAudio } from "../../../support/audio-fixtures";
import type { SignedIn } from "../../../support/people";
import { portalWith, type StartedPortal } from "../../../support/portal-with";
import { SupabaseEdge } from "../../../support/supabase/edge-server";
import type { PhoneSystem, Ticket } from "../../../support/uploads";

const edge = await SupabaseEdge.start();
const bucket = edge.bucket("recordings");
const file = smallAudio();
const wrong = Buffer.from(file.bytes.map((byte, index) => (index === 5000 ? byte ^ 1 : byte)));
let system: PhoneSystem;
let dpo: SignedIn;

beforeAll(async () => {
  const portal = await portalWith({
    STORE: "supabase",
    SUPABASE_URL: edge.url,
    SUPABASE_SERVICE_KEY: edge.serviceKey,
    SUPABASE_BUCKET: "recordings",
  });
  system = await portal.phoneSystem();
  dpo = await portal.signedInAs("dpo");
});
afterAll(() => edge.close());

const ticketOf = async (portal: StartedPortal) =>
  (await (await portal.askTicket(system.headers, portal.callMetadata(system.unitCode, file))).json()) as Ticket;
const sendToStore = ({ upload }: Ticket, bytes: Buffer) =>
  fetch(upload!.url, { method: "PUT", headers: upload!.headers, body: new Uint8Array(bytes) });

async function plays(portal: StartedPortal, id: string): Promise<boolean> {
  const answered = await portal.listen(dpo.cookie, (await portal.grantOf(dpo, id)).url);
  return (await portal.bytesOf(answered)).equals(file.bytes);
}

test("an upload link from before sealing was turned on cannot change the stored recording", async () => {
  const ticket = await ticketOf(await portalWith({ RECORDING_ENCRYPTION: "store" }));
  expect((await sendToStore(ticket, file.bytes)).status).toBe(200);
  const portal = await portalWith({ RECORDING_ENCRYPTION: "envelope" });
  expect((await portal.complete(system.headers, ticket.id)).status).toBe(200);
  const { objectKey: told, promotedKey } = (await portal.ticketsOf(ticket.id))[0]!;
  expect((await portal.recordingRow(ticket.id)).objectKey).toBe(promotedKey);
  expect((await sendToStore(ticket, wrong)).status).toBe(200);
  expect(bucket.objects.get(told)!.bytes.equals(wrong)).toBe(true);
  expect(await plays(portal, ticket.id)).toBe(true);
});

test("a portal link from before sealing was turned off stores one object, under an undisclosed key", async () => {
  const ticket = await ticketOf(await portalWith({ RECORDING_ENCRYPTION: "envelope" }));
  const portal = await portalWith({ RECORDING_ENCRYPTION: "store" });
  expect((await portal.sendBytes(ticket, file.bytes)).status).toBe(200);
  expect((await portal.sendBytes(ticket, file.bytes)).status).toBe(412);
  expect((await portal.complete(system.headers, ticket.id)).status).toBe(200);
  const { objectKey } = await portal.recordingRow(ticket.id);
  expect(ticket.upload!.url).not.toContain(objectKey!);
  expect(bucket.objects.get(objectKey!)!.bytes.equals(file.bytes)).toBe(true);
  expect(await database().$count(dataKeys, eq(dataKeys.objectKey, objectKey!))).toBe(0);
  expect(await plays(portal, ticket.id)).toBe(true);
});

test.each(["store", "envelope"])("a range behind the end is 416 to the player (%s)", async (encryption) => {
  const portal = await portalWith({ RECORDING_ENCRYPTION: encryption });
  const ticket = await ticketOf(portal);
  if (encryption === "store") await sendToStore(ticket, file.bytes);
  else await portal.sendBytes(ticket, file.bytes);
  expect((await portal.complete(system.headers, ticket.id)).status).toBe(200);
  const { url } = await portal.grantOf(dpo, ticket.id);
  const answered = await portal.listen(dpo.cookie, url, { range: `bytes=${file.sizeBytes}-` });
  expect([answered.status, answered.headers.get("content-range")]).toEqual([416, `bytes */${file.sizeBytes}`]);
});
