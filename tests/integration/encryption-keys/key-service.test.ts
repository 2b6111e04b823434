import { eq } from "drizzle-orm";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { checkWrappingKey } from "@/lib/encryption-keys/wrapping-key-health";
import { wrappingKeys } from "@/lib/encryption-keys/wrapping-keys";
import { database } from "@/lib/db/client";
import { dataKeys } from "@/lib/db/schema/data-keys";
import { smallAudio } from "../../support/audio-fixtures";
import { startKmsServer, type KmsFault, type KmsServer } from "../../support/kms-server";
import { signedInAs, type SignedIn } from "../../support/people";
import { bytesOf, grantOf, listen } from "../../support/playbacks";
import { call } from "../../support/portal";
import {
  askTicket,
  callMetadata,
  complete,
  eventsAbout,
  phoneSystem,
  plainMetadata,
  problemOf,
  putContent,
  recordingRow,
  refusal,
  sendBytes,
  storedKeys,
  storedRecording,
  type PhoneSystem,
  type Ticket,
} from "../../support/uploads";

let edge: KmsServer;
let keyArn: string;
let system: PhoneSystem;
let supervisor: SignedIn;
const file = smallAudio();

beforeAll(async () => {
  edge = await startKmsServer();
  keyArn = edge.makeKey();
  Object.assign(process.env, edge.environment(keyArn), { RECORDING_ENCRYPTION: "envelope" });
  system = await phoneSystem();
  supervisor = await signedInAs("supervisor", [system.unitId]);
});

afterAll(() => edge.close());
afterEach(() => heal());

const heal = async () => {
  edge.fault = null;
  edge.setState(keyArn, "Enabled");
  await edge.start();
};
const health = async () => (await call("GET", "/api/health")).json();
const grantAndListen = async (recordingId: string) =>
  listen(supervisor.cookie, (await grantOf(supervisor, recordingId)).url);

/** A newly started portal has no key in memory: the same key wrapped again was never unwrapped by it. */
async function forgetUnwrapped(recordingId: string): Promise<void> {
  const objectKey = (await recordingRow(recordingId)).objectKey!;
  const [row] = await database().select().from(dataKeys).where(eq(dataKeys.objectKey, objectKey));
  const wrapped = await wrappingKeys().wrap(
    await wrappingKeys().unwrap(row!.keyId, row!.wrappedKey, objectKey),
    objectKey,
  );
  await database().update(dataKeys).set(wrapped).where(eq(dataKeys.objectKey, objectKey));
}

const troubles: [string, () => void | Promise<void>][] = [
  ...(["AccessDeniedException", "ThrottlingException", "KMSInternalException", "hang"] satisfies KmsFault[]).map(
    (fault): [string, () => void] => [fault, () => void (edge.fault = fault)],
  ),
  ["a disabled key", () => edge.setState(keyArn, "Disabled")],
  ["a key that waits for its deletion", () => edge.setState(keyArn, "PendingDeletion")],
  ["nothing: nobody listens there", () => edge.close()],
];

test("seals a recording under a data key that the key service wraps, bound to the object", async () => {
  const recordingId = await storedRecording(system, file);
  const { objectKey, encryption } = await recordingRow(recordingId);
  expect(encryption).toEqual({ algorithm: "custodia:aes256-gcm", keyId: `kms:${keyArn}` });
  expect(
    edge.requests
      .filter(({ context }) => context["custodia:object-key"] === objectKey)
      .map(({ operation }) => operation),
  ).toEqual(["Encrypt", "Decrypt"]);
  expect((await bytesOf(await grantAndListen(recordingId))).equals(file.bytes)).toBe(true);
});

describe.each(troubles)("while the key service answers with %s", (_, trouble) => {
  test("refuses playback of a sealed recording, never as damage; plays it afterwards", async () => {
    const recordingId = await storedRecording(system, file);
    await forgetUnwrapped(recordingId);
    await trouble();
    const answered = await grantAndListen(recordingId);
    expect(answered.headers.get("retry-after")).toBe("15");
    expect(await problemOf(answered)).toMatchObject(refusal(503, "key_unavailable"));
    expect(await eventsAbout(recordingId, "recording.playback_refused")).toEqual([]);
    await heal();
    expect((await bytesOf(await grantAndListen(recordingId))).equals(file.bytes)).toBe(true);
  });
});

describe.each([troubles[0]!, troubles[4]!, troubles[6]!])("while the key service answers with %s", (_, trouble) => {
  test("refuses an upload before a byte is stored; the same link accepts it afterwards", async () => {
    const ticket = (await (await askTicket(system.headers, callMetadata(system.unitCode, file))).json()) as Ticket;
    const before = await storedKeys();
    await trouble();
    const refused = await sendBytes(ticket, file.bytes);
    expect(refused.headers.get("retry-after")).toBe("15");
    expect(await problemOf(refused)).toMatchObject({ status: 503, code: "key_unavailable" });
    expect(await storedKeys()).toEqual(before);
    expect(await problemOf(await complete(system.headers, ticket.id))).toMatchObject(refusal(409, "not_uploaded"));
    await heal();
    expect((await sendBytes(ticket, file.bytes)).status).toBe(200);
    expect((await complete(system.headers, ticket.id)).status).toBe(200);
  });

  test("refuses an upload through the portal likewise", async () => {
    const ticket = (await (await askTicket(system.headers, plainMetadata(system.unitCode, file))).json()) as Ticket;
    const before = await storedKeys();
    await trouble();
    expect(await problemOf(await putContent(system.headers, ticket.id, file.bytes))).toMatchObject(
      refusal(503, "key_unavailable"),
    );
    expect([await storedKeys(), (await recordingRow(ticket.id)).state]).toEqual([before, "pending"]);
    await heal();
    expect((await putContent(system.headers, ticket.id, file.bytes)).status).toBe(200);
  });

  test("reports it in the health check, without waiting for the key service, until it works again", async () => {
    expect(await checkWrappingKey()).toBe(true);
    expect(await health()).toEqual({ status: "ok" });
    await trouble();
    expect(await checkWrappingKey()).toBe(false);
    expect(await health()).toEqual({ status: "degraded", problems: ["wrapping_key_unavailable"] });
    await heal();
    expect(await checkWrappingKey()).toBe(true);
    expect(await health()).toEqual({ status: "ok" });
  });
});

test("the routes report what the start saw of the key service, and later that it works again", async () => {
  await edge.close();
  // The start is bundled separately from the routes and has its own modules.
  vi.resetModules();
  const start = await import("@/lib/encryption-keys/wrapping-key-health");
  expect(start.checkWrappingKey).not.toBe(checkWrappingKey);
  expect(await start.checkWrappingKey()).toBe(false);
  expect(await health()).toEqual({ status: "degraded", problems: ["wrapping_key_unavailable"] });
  await edge.start();
  expect(await health()).toMatchObject({ status: "degraded" });
  const later = Date.now() + 11_000;
  const now = vi.spyOn(Date, "now").mockImplementation(() => later);
  await vi.waitFor(async () => expect(await health()).toEqual({ status: "ok" }), { timeout: 20_000, interval: 100 });
  now.mockRestore();
});

test("treats an altered wrapped key as damage, with an event", async () => {
  const recordingId = await storedRecording(system, file);
  await forgetUnwrapped(recordingId);
  const objectKey = (await recordingRow(recordingId)).objectKey!;
  const [row] = await database().select().from(dataKeys).where(eq(dataKeys.objectKey, objectKey));
  const wrappedKey = Buffer.from(row!.wrappedKey);
  wrappedKey[wrappedKey.length - 1]! ^= 1;
  await database().update(dataKeys).set({ wrappedKey }).where(eq(dataKeys.objectKey, objectKey));
  expect(await problemOf(await grantAndListen(recordingId))).toMatchObject(refusal(500, "recording_damaged"));
  expect(await eventsAbout(recordingId, "recording.playback_refused")).toMatchObject([
    { outcome: "failure", details: { code: "key_missing" } },
  ]);
});
