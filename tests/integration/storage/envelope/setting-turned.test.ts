import { eq } from "drizzle-orm";
import { beforeAll, expect, test } from "vitest";
import { database } from "@/lib/db/client";
import { dataKeys, recordings } from "@/lib/db/schema";
import { env } from "@/lib/core/env";
import { createObjectStore } from "@/lib/storage/store-from-config";
import { smallAudio } from "../../../support/audio-fixtures";
import type { SignedIn } from "../../../support/people";
import { portalWith, type StartedPortal } from "../../../support/portal-with";
import type { PhoneSystem, Ticket } from "../../../support/uploads";

const file = smallAudio();
const ENVELOPE_KEYS = process.env.ENVELOPE_KEYS!;

let system: PhoneSystem;
let dpo: SignedIn;
/** One recording for each setting. */
const stored: { recordingId: string; sealed: boolean }[] = [];

beforeAll(async () => {
  const portal = await portalWith({ RECORDING_ENCRYPTION: "store" });
  system = await portal.phoneSystem();
  dpo = await portal.signedInAs("dpo");
});

/** The store itself, without the portal's own steps. */
function plainStore() {
  const settings = env();
  if (settings.STORE !== "disk") throw new Error("these tests look into a disk store");
  const { DISK_STORE_PATH: rootPath, DISK_STORE_KEYS: encryptionKeys, LINK_SIGNING_KEYS: linkSigningKeys } = settings;
  return createObjectStore({
    kind: "disk",
    rootPath,
    encryptionKeys,
    linkSigningKeys,
    publicBaseUrl: "http://localhost:1",
  });
}

async function bytesInStore(portal: StartedPortal, recordingId: string): Promise<Buffer> {
  const { stream } = await plainStore().readRange((await portal.recordingRow(recordingId)).objectKey!, {
    start: 0,
    endInclusive: file.sizeBytes + 9999,
  });
  return Buffer.from(await new Response(stream).arrayBuffer());
}

async function expectAllToPlay(portal: StartedPortal): Promise<void> {
  for (const { recordingId } of stored) {
    const answered = await portal.listen(dpo.cookie, (await portal.grantOf(dpo, recordingId)).url);
    expect((await portal.bytesOf(answered)).equals(file.bytes)).toBe(true);
    const part = await portal.listen(dpo.cookie, (await portal.grantOf(dpo, recordingId)).url, {
      range: "bytes=100-199",
    });
    expect((await portal.bytesOf(part)).equals(file.bytes.subarray(100, 200))).toBe(true);
  }
}

test.each(["store", "envelope", "store", "envelope"] as const)(
  "changed to %s: earlier recordings play, new ones are stored as the setting says",
  async (RECORDING_ENCRYPTION) => {
    const portal = await portalWith({ RECORDING_ENCRYPTION });
    await expectAllToPlay(portal);
    const recordingId = await portal.storedRecording(system, file);
    const sealed = RECORDING_ENCRYPTION === "envelope";
    stored.push({ recordingId, sealed });
    const bytes = await bytesInStore(portal, recordingId);
    expect(bytes.equals(file.bytes)).toBe(!sealed);
    expect(bytes.includes(file.bytes.subarray(1000, 1032))).toBe(!sealed);
    const { objectKey, encryption } = await portal.recordingRow(recordingId);
    expect(await database().select().from(dataKeys).where(eq(dataKeys.objectKey, objectKey!))).toHaveLength(
      sealed ? 1 : 0,
    );
    expect(encryption).toMatchObject({ algorithm: "custodia:aes256-gcm", keyId: "k1" });
    await expectAllToPlay(portal);
  },
);

test("accepts an upload whose ticket is older than the change, in both directions", async () => {
  for (const [before, after] of [
    ["envelope", "store"],
    ["store", "envelope"],
  ] as const) {
    const first = await portalWith({ RECORDING_ENCRYPTION: before });
    const [sent, unsent] = [await ticketOf(first), await ticketOf(first)];
    await first.sendBytes(sent, file.bytes);
    const second = await portalWith({ RECORDING_ENCRYPTION: after });
    await second.sendBytes(unsent, file.bytes);
    for (const { id } of [sent, unsent]) {
      expect((await second.complete(system.headers, id)).status).toBe(200);
      const answered = await second.listen(dpo.cookie, (await second.grantOf(dpo, id)).url);
      expect((await second.bytesOf(answered)).equals(file.bytes)).toBe(true);
    }
  }
});

const ticketOf = async (portal: StartedPortal) =>
  (await (await portal.askTicket(system.headers, portal.callMetadata(system.unitCode, file))).json()) as Ticket;

test("plays sealed recordings through the gateway under either setting, also with presigned delivery", async () => {
  for (const RECORDING_ENCRYPTION of ["envelope", "store"]) {
    const portal = await portalWith({ RECORDING_ENCRYPTION, PLAYBACK_DELIVERY: "presigned" });
    for (const { recordingId, sealed } of stored) {
      const { delivery, url } = await portal.grantOf(dpo, recordingId);
      expect([delivery, url.includes("/api/playback/")]).toEqual(sealed ? ["gateway", true] : ["presigned", false]);
      expect((await portal.bytesOf(await portal.listen(dpo.cookie, url))).equals(file.bytes)).toBe(true);
    }
  }
});

test("refuses sealed recordings without a wrapping key, and sends no ciphertext; the others play", async () => {
  const portal = await portalWith({
    RECORDING_ENCRYPTION: "store",
    PLAYBACK_DELIVERY: undefined,
    ENVELOPE_KEYS: undefined,
  });
  for (const { recordingId, sealed } of stored) {
    const answered = await portal.listen(dpo.cookie, (await portal.grantOf(dpo, recordingId)).url);
    if (sealed) expect(await portal.problemOf(answered)).toMatchObject({ status: 503, code: "key_unavailable" });
    else expect((await portal.bytesOf(answered)).equals(file.bytes)).toBe(true);
  }
  await expectAllToPlay(await portalWith({ ENVELOPE_KEYS }));
});

test("treats clear audio in place of sealed audio as damage under either setting", async () => {
  const { recordingId } = stored.find(({ sealed }) => sealed)!;
  for (const RECORDING_ENCRYPTION of ["envelope", "store"]) {
    const portal = await portalWith({ RECORDING_ENCRYPTION });
    const { objectKey } = await portal.recordingRow(recordingId);
    const { etag } = await plainStore().put(objectKey!, file.bytes, {
      contentType: file.contentType,
      ifNoneMatch: null,
    });
    await database().update(recordings).set({ objectEtag: etag }).where(eq(recordings.id, recordingId));
    const answered = await portal.listen(dpo.cookie, (await portal.grantOf(dpo, recordingId)).url);
    expect(await portal.problemOf(answered)).toMatchObject({ status: 500, code: "recording_damaged" });
  }
  stored.splice(
    stored.findIndex((entry) => entry.recordingId === recordingId),
    1,
  );
});

test("refuses a sealed recording whose key is lost as damaged, also where new ones are not sealed", async () => {
  const portal = await portalWith({ RECORDING_ENCRYPTION: "store" });
  const { recordingId } = stored.find(({ sealed }) => sealed)!;
  await database()
    .delete(dataKeys)
    .where(eq(dataKeys.objectKey, (await portal.recordingRow(recordingId)).objectKey!));
  const answered = await portal.listen(dpo.cookie, (await portal.grantOf(dpo, recordingId)).url);
  expect(await portal.problemOf(answered)).toMatchObject({ status: 500, code: "recording_damaged" });
  expect(await portal.eventsAbout(recordingId, "recording.playback_refused")).toMatchObject([
    { outcome: "failure", details: { code: "key_missing" } },
  ]);
});
