import { eq, sql } from "drizzle-orm";
import { beforeAll, expect, test } from "vitest";
import { database } from "@/lib/db/client";
import { uploadTickets } from "@/lib/db/schema";
import { audio } from "../../support/audio-fixtures";
import { clean, retain, sealAll } from "../../support/deletions";
import { signedInAs, type SignedIn } from "../../support/people";
import { askGrant, grantOf, listen, statusOf } from "../../support/playbacks";
import { call } from "../../support/portal";
import {
  askTicket,
  callMetadata,
  completeTicket,
  phoneSystem,
  problemOf,
  recordingRow,
  refusal,
  sendBytes,
  storedKeys,
  type PhoneSystem,
  type Ticket,
} from "../../support/uploads";

const file = audio("call-06-wav-pcm-mono.wav");
let [supervisor, dpo]: SignedIn[] = [];
let system: PhoneSystem;
let ticket: Ticket;
let links: string[];

const receipt = (who: SignedIn) => call("GET", `/api/receipts/recordings/${ticket.id}`, { headers: who.headers });

/** What was handed out while the recording was there; then an order deletes it. */
beforeAll(async () => {
  system = await phoneSystem();
  supervisor = await signedInAs("supervisor", [system.unitId]);
  dpo = await signedInAs("dpo");
  ticket = (await (await askTicket(system.headers, callMetadata(system.unitCode, file))).json()) as Ticket;
  expect((await sendBytes(ticket, file.bytes)).status).toBe(200);
  expect((await completeTicket(system.headers, ticket)).status).toBe(200);
  links = [(await grantOf(supervisor, ticket.id)).url, (await grantOf(dpo, ticket.id, "download")).url];
  for (const [index, who] of [supervisor, dpo].entries())
    expect(await statusOf(await listen(who.cookie, links[index]!))).toBe(200);
  await clean(system.unitId, 1);
});

async function nothingIsGiven(): Promise<void> {
  for (const [index, who] of [supervisor!, dpo!].entries())
    for (const headers of [{}, { range: "bytes=0-99" }] as Record<string, string>[])
      expect(await problemOf(await listen(who.cookie, links[index]!, headers))).toMatchObject(refusal(410, "revoked"));
  for (const [who, kind] of [
    [supervisor!, "playback"],
    [dpo!, "download"],
  ] as const)
    expect(await statusOf(await askGrant(who.headers, ticket.id, undefined, kind))).toBe(404);
}

test("once its deletion began, the links to hear and to download it give nothing", async () => {
  expect(await recordingRow(ticket.id)).toMatchObject({ state: "deleting" });
  await nothingIsGiven();
  expect(await problemOf(await receipt(dpo!))).toMatchObject({ body: { code: "deletion_unfinished" } });
});

test("the link that uploaded it brings it back neither by its bytes nor by a completion", async () => {
  expect(await statusOf(await sendBytes(ticket, file.bytes))).toBe(412);
  expect(await problemOf(await completeTicket(system.headers, ticket))).toMatchObject(refusal(409, "already_deleted"));
  expect((await recordingRow(ticket.id)).state).toBe("deleting");
  await nothingIsGiven();
});

test("once the link has ended nothing is left, and the receipt is for those who may", async () => {
  await database()
    .update(uploadTickets)
    .set({ expiresAt: sql`date_trunc('milliseconds', now() - interval '2 hours')` })
    .where(eq(uploadTickets.recordingId, ticket.id));
  await retain();
  expect(await recordingRow(ticket.id)).toMatchObject({ state: "deleted", objectKey: null });
  expect(await storedKeys()).toEqual([]);
  await nothingIsGiven();
  expect(await problemOf(await completeTicket(system.headers, ticket))).toMatchObject(refusal(409, "already_deleted"));
  await sealAll();
  expect(await statusOf(await receipt(supervisor!))).toBe(403);
  expect(await statusOf(await receipt(dpo!))).toBe(200);
});
