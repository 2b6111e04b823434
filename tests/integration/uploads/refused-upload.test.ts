import { readdir } from "node:fs/promises";
import { eq, sql } from "drizzle-orm";
import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { database } from "@/lib/db/client";
import { apiKeys, auditEvents, recordings, serviceAccounts, uploadTickets } from "@/lib/db/schema";
import { env } from "@/lib/core/env";
import { noReferences } from "@/lib/recordings/references/call-references";
import { configuredStore } from "@/lib/storage/configured-store";
import { incomingPath } from "@/lib/storage/disk/disk-layout";
import { anHourAgo } from "../../support/at-date";
import { audio, audioOf, smallAudio, type Audio } from "../../support/audio-fixtures";
import { serviceAccount } from "../../support/people";
import { call } from "../../support/portal";
import {
  askTicket,
  callMetadata,
  complete,
  completeTicket,
  eventsAbout,
  phoneSystem,
  problemOf,
  recordingRow,
  refusal,
  sendBytes,
  storedKeys,
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

const ask = async (metadata: unknown, headers = system.headers): Promise<Ticket> =>
  (await (await askTicket(headers, metadata)).json()) as Ticket;
const changed = (bytes: Buffer) => Buffer.from(bytes.map((byte, index) => (index === 5000 ? byte ^ 1 : byte)));

async function unfinishedFiles(): Promise<string[]> {
  const settings = env();
  return settings.STORE === "disk" ? readdir(incomingPath(settings.DISK_STORE_PATH)) : [];
}

async function expectNothingStored(ticket: Ticket) {
  const row = await recordingRow(ticket.id);
  expect(row).toMatchObject({ objectKey: null, storedAt: null, retainUntil: null });
  expect(row.state).not.toBe("stored");
  const keys = (await ticketsOf(ticket.id)).map(({ objectKey }) => objectKey);
  const stored = await storedKeys();
  expect(keys.filter((key) => stored.includes(key))).toEqual([]);
  expect(await unfinishedFiles()).toEqual([]);
}

describe("the store refuses what was not signed", () => {
  let ticket: Ticket;
  beforeEach(async () => {
    ticket = await ask(callMetadata(system.unitCode, file));
  });

  test.each([
    ["other bytes of the same size", () => sendBytes(ticket, changed(file.bytes)), 422, "checksum_mismatch"],
    ["fewer bytes", () => sendBytes(ticket, file.bytes.subarray(1)), 422, "size_mismatch"],
    [
      "fewer bytes than it says",
      () => sendBytes(ticket, file.bytes.subarray(1), { "content-length": String(file.sizeBytes) }),
      422,
      "size_mismatch",
    ],
    [
      "more bytes than it says",
      () => sendBytes(ticket, Buffer.concat([file.bytes, file.bytes]), { "content-length": String(file.sizeBytes) }),
      422,
      "size_mismatch",
    ],
    ["nothing", () => sendBytes(ticket, Buffer.alloc(0)), 422, "size_mismatch"],
    ["another content type", () => sendBytes(ticket, file.bytes, { "content-type": "audio/wav" }), 403, "forbidden"],
    ["an encoded body", () => sendBytes(ticket, file.bytes, { "content-encoding": "gzip" }), 403, "forbidden"],
  ] as const)("%s", async (_, send, status, code) => {
    expect(await problemOf(await send())).toMatchObject(refusal(status, code));
    await expectNothingStored(ticket);
    expect(await problemOf(await complete(system.headers, ticket.id))).toMatchObject(refusal(409, "not_uploaded"));
    expect((await eventsAbout(ticket.id)).at(-1)).toMatchObject({
      action: "recording.upload_refused",
      outcome: "failure",
      details: { code: "not_uploaded" },
    });
    // A refusal does not use up the ticket: the correct bytes succeed.
    expect((await sendBytes(ticket, file.bytes)).status).toBe(200);
    expect((await complete(system.headers, ticket.id)).status).toBe(200);
  });

  test.each([
    ["another key", (url: URL) => (url.pathname = url.pathname.slice(0, -4) + "0000")],
    ["a path out of the store", (url: URL) => (url.pathname = "/api/store/recordings/..%2f..%2fpasswd")],
    ["a path in the key", (url: URL) => (url.pathname = `${url.pathname}%2f..%2fother`)],
    ["a backslash in the key", (url: URL) => (url.pathname = `${url.pathname}%5c..`)],
    ["another direction", (url: URL) => url.searchParams.set("operation", "get")],
    ["another size", (url: URL) => url.searchParams.set("size", "1")],
    [
      "a later end",
      (url: URL) => url.searchParams.set("expires", String(Number(url.searchParams.get("expires")) + 3600)),
    ],
    ["another signature", (url: URL) => url.searchParams.set("signature", "A".repeat(43))],
    ["no signature", (url: URL) => url.searchParams.delete("signature")],
    ["another signing key", (url: URL) => url.searchParams.set("key", "none")],
    ["a parameter twice", (url: URL) => url.searchParams.append("size", url.searchParams.get("size")!)],
    ["a parameter of its own", (url: URL) => url.searchParams.set("x", "1")],
  ])("refuses a link with %s", async (_, alter) => {
    const url = new URL(ticket.upload!.url);
    alter(url);
    const answered = await problemOf(
      await sendBytes({ ...ticket, upload: { ...ticket.upload!, url: url.href } }, file.bytes),
    );
    expect([400, 403]).toContain(answered.status);
    expect(answered.type).toBe("application/problem+json");
    await expectNothingStored(ticket);
  });

  test("refuses other bytes through a valid link, with an event of the recording", async () => {
    const other = Buffer.from(file.bytes).fill(0);
    expect(await problemOf(await sendBytes(ticket, other))).toMatchObject(refusal(422, "checksum_mismatch"));
    expect((await eventsAbout(ticket.id)).at(-1)).toMatchObject({
      action: "recording.upload_refused",
      outcome: "denied",
      actorType: "anonymous",
      details: { code: "checksum_mismatch" },
    });
    await expectNothingStored(ticket);
  });

  test("refuses to read or delete with an upload link", async () => {
    await sendBytes(ticket, file.bytes);
    expect(await problemOf(await call("GET", ticket.upload!.url))).toMatchObject(refusal(403, "forbidden"));
    expect((await call("DELETE", ticket.upload!.url)).status).toBe(405);
  });

  test("replaces nothing when a link is used again, also with other bytes", async () => {
    await sendBytes(ticket, file.bytes);
    expect(await problemOf(await sendBytes(ticket, file.bytes))).toMatchObject(refusal(412, "already_exists"));
    expect(await problemOf(await sendBytes(ticket, changed(file.bytes)))).toMatchObject(refusal(412, "already_exists"));
    expect((await complete(system.headers, ticket.id)).status).toBe(200);
    expect(await problemOf(await sendBytes(ticket, file.bytes))).toMatchObject(refusal(412, "already_exists"));
  });
});

describe("an upload is checked before it is stored", () => {
  const html = Buffer.from("<!doctype html><title>call</title><p>not a call</p>".padEnd(4000, " "));
  test.each([
    ["a page named .wav", audioOf("page.wav", html), "not_audio"],
    ["text", audioOf("a.mp3", Buffer.from("x".repeat(500))), "not_audio"],
    ["one byte", audioOf("a.wav", Buffer.from("R")), "not_audio"],
    ["the header of a WAV alone", audioOf("a.wav", Buffer.from("RIFF\0\0\0\0WAVE")), "not_audio"],
    ["an MP3 called WAV", audioOf("a.wav", audio("call-19-mp3-mono.mp3").bytes), "unsupported_media_type"],
    ["a FLAC called Ogg", audioOf("a.ogg", audio("other-flac.flac").bytes), "unsupported_media_type"],
  ])("%s", async (_, wrong, code) => {
    const personal = { protocol: "0012", customerReference: "contrato 7", customerTaxId: "529.982.247-25" };
    const metadata = callMetadata(system.unitCode, wrong, { sourceRecordingId: "mix", ...personal });
    const ticket = await ask(metadata);
    expect((await sendBytes(ticket, wrong.bytes)).status).toBe(200);
    const status = code === "not_audio" ? 422 : 415;
    expect(await problemOf(await complete(system.headers, ticket.id))).toMatchObject(refusal(status, code));
    // Nothing would ever delete the number of a rejected call.
    expect(await recordingRow(ticket.id)).toMatchObject({
      state: "rejected",
      rejectionCode: code,
      customerNumberEncrypted: null,
      customerNumberIndex: null,
      customerNumberTailIndex: null,
      ...noReferences,
    });
    await expectNothingStored(ticket);
    expect((await eventsAbout(ticket.id)).at(-1)).toMatchObject({
      action: "recording.rejected",
      outcome: "failure",
      details: { code },
    });
    const read = await call("GET", `/api/recordings/${ticket.id}`, { headers: system.headers });
    expect(await read.json()).toMatchObject({ state: "rejected", rejectionCode: code });

    expect(await problemOf(await complete(system.headers, ticket.id))).toMatchObject(refusal(410, "ticket_used"));
    expect((await eventsAbout(ticket.id)).at(-1)).toMatchObject({
      action: "recording.upload_refused",
      details: { code: "ticket_used" },
    });

    const { contentType, sizeBytes, sha256 } = file;
    // A completion that names the ticket gets the same answer again.
    expect(await problemOf(await completeTicket(system.headers, ticket))).toMatchObject(refusal(status, code));

    const next = await ask({ ...metadata, contentType, sizeBytes, sha256 });
    expect(next.id).toBe(ticket.id);
    expect((await sendBytes(next, file.bytes)).status).toBe(200);
    // The recording had two contents: only a completion with a ticket id names one.
    expect(await problemOf(await complete(system.headers, ticket.id))).toMatchObject(refusal(409, "upload_ambiguous"));
    expect(await recordingRow(ticket.id)).toMatchObject({ state: "pending" });
    expect((await completeTicket(system.headers, next)).status).toBe(200);
    expect(await problemOf(await completeTicket(system.headers, ticket))).toMatchObject(
      refusal(409, "upload_conflict"),
    );
    expect(await recordingRow(ticket.id)).toMatchObject({ state: "stored", rejectionCode: null });
  });

  test("refuses an object that somebody else put under the key", async () => {
    const ticket = await ask(callMetadata(system.unitCode, file));
    const { objectKey } = (await ticketsOf(ticket.id))[0]!;
    await configuredStore().put(objectKey, changed(file.bytes), { contentType: file.contentType, ifNoneMatch: "*" });
    expect(await problemOf(await complete(system.headers, ticket.id))).toMatchObject(refusal(422, "checksum_mismatch"));
    await expectNothingStored(ticket);
  });
});

describe("the expiry", () => {
  test("of a link: it stores nothing, and its completion rejects the recording until a new request", async () => {
    const metadata = callMetadata(system.unitCode, file);
    const ticket = await ask(metadata);
    const { id, objectKey } = (await ticketsOf(ticket.id))[0]!;
    const { contentType, sizeBytes, sha256 } = file;
    const expired = await anHourAgo(() =>
      configuredStore().signUpload({ key: objectKey, contentType, sizeBytes, sha256, expiresInSeconds: 60 }),
    );
    expect(
      await problemOf(await sendBytes({ ...ticket, upload: { ...ticket.upload!, url: expired.url } }, file.bytes)),
    ).toMatchObject(refusal(410, "expired"));

    await database()
      .update(uploadTickets)
      .set({ expiresAt: sql`now() - interval '1 second'` })
      .where(eq(uploadTickets.id, id));
    expect(await problemOf(await complete(system.headers, ticket.id))).toMatchObject(refusal(410, "ticket_expired"));
    expect(await recordingRow(ticket.id)).toMatchObject({ state: "rejected", rejectionCode: "ticket_expired" });
    expect((await eventsAbout(ticket.id)).at(-1)).toMatchObject({
      action: "recording.rejected",
      details: { code: "ticket_expired" },
    });
    await expectNothingStored(ticket);

    const next = await ask(metadata);
    await sendBytes(next, file.bytes);
    expect((await complete(system.headers, next.id)).status).toBe(200);
  });

  test("does not prevent a late completion of what was sent in time", async () => {
    const ticket = await ask(callMetadata(system.unitCode, file));
    await sendBytes(ticket, file.bytes);
    await database()
      .update(uploadTickets)
      .set({ expiresAt: sql`now() - interval '1 hour'` })
      .where(eq(uploadTickets.recordingId, ticket.id));
    expect((await complete(system.headers, ticket.id)).status).toBe(200);
  });
});

describe("the request for an upload", () => {
  const count = () => database().$count(recordings);
  test.each<[string, Record<string, unknown>, number, string]>([
    ["unknown unit", { unit: "nenhuma" }, 422, "unknown_unit"],
    ["type that is no audio", { contentType: "text/html" }, 415, "unsupported_media_type"],
    ["nothing to send", { sizeBytes: 0 }, 422, "invalid_input"],
    ["six gigabytes, where the store has no parts", { sizeBytes: 6 * 1024 ** 3 }, 413, "too_large"],
    ["more than any store takes", { sizeBytes: 65 * 1024 ** 3 }, 422, "invalid_input"],
    ["no number", { sizeBytes: "13442" }, 422, "invalid_input"],
    ["half a byte", { sizeBytes: 1.5 }, 422, "invalid_input"],
    ["no checksum", { sha256: "abc" }, 422, "invalid_input"],
    ["a telephone number that is no text", { customerNumber: 11987654321 }, 422, "invalid_input"],
    ["a day that does not exist", { startedAt: "2026-02-30T10:00:00-03:00" }, 422, "invalid_input"],
    ["a time without an offset", { startedAt: "2026-02-03T10:00:00" }, 422, "invalid_input"],
    ["a year that no clock shows", { startedAt: "3000-01-01T00:00:00Z" }, 422, "invalid_input"],
    ["a year before telephones recorded", { startedAt: "1899-12-31T23:59:59Z" }, 422, "invalid_input"],
    ["a doubt that is no yes or no", { doubtfulDate: "yes" }, 422, "invalid_input"],
    ["an acceptance that is no yes or no", { acceptDue: 1 }, 422, "invalid_input"],
    ["a word that is not asked for", { objectKey: "recordings/mine" }, 422, "invalid_input"],
    ["a path as code", { unit: "../../etc" }, 422, "invalid_input"],
    ["a line feed in the call id", { sourceCallId: "a\nb" }, 422, "invalid_input"],
  ])("%s", async (_, changes, status, code) => {
    const before = await count();
    const answered = await problemOf(await askTicket(system.headers, callMetadata(system.unitCode, file, changes)));
    expect(answered).toMatchObject(refusal(status, code));
    expect(answered.body.requestId).toMatch(/^[0-9a-f-]{36}$/);
    expect(await count()).toBe(before);
  });

  test("names each wrong field", async () => {
    const { body } = await problemOf(
      await askTicket(system.headers, { ...callMetadata(system.unitCode, file), direction: "up", sha256: 5 }),
    );
    expect((body.fields as { path: string }[]).map(({ path }) => path).sort()).toEqual(["direction", "sha256"]);
  });
});

describe("a caller without permission", () => {
  const metadata = () => callMetadata(system.unitCode, file);

  async function refusedKeys(): Promise<number> {
    return database().$count(auditEvents, sql`action = 'access.denied' and details->>'reason' = 'unknown_api_key'`);
  }

  test.each([
    ["an unknown key", async () => `cust_abcdefgh_${"A".repeat(43)}`],
    ["a revoked key", async () => revoked()],
    ["an expired key", async () => expired()],
    ["the key of an inactive account", async () => inactive()],
    ["a key with one letter more", async () => `${system.apiKey}A`],
    ["a text that is no key", async () => "' or 1=1 --"],
  ])("%s", async (_, keyOf) => {
    const headers = { authorization: `Bearer ${await keyOf()}` };
    const before = await refusedKeys();
    for (const response of [
      await askTicket(headers, metadata()),
      await complete(headers, "00000000-0000-4000-8000-000000000000"),
    ]) {
      expect(await problemOf(response)).toMatchObject(refusal(401, "unknown_api_key"));
      expect(response.headers.get("www-authenticate")).toBe("Bearer");
    }
    expect(await refusedKeys()).toBe(before + 2);
  });

  async function revoked() {
    const other = await serviceAccount();
    await database().update(apiKeys).set({ revokedAt: new Date() }).where(eq(apiKeys.id, other.apiKeyId));
    return other.apiKey;
  }
  async function expired() {
    const other = await serviceAccount();
    await database()
      .update(apiKeys)
      .set({ expiresAt: new Date(Date.now() - 1000) })
      .where(eq(apiKeys.id, other.apiKeyId));
    return other.apiKey;
  }
  async function inactive() {
    const other = await serviceAccount();
    expect((await askTicket(other.headers, metadata())).status).toBe(201);
    await database()
      .update(serviceAccounts)
      .set({ active: false })
      .where(eq(serviceAccounts.id, other.serviceAccountId));
    return other.apiKey;
  }

  test("without a key", async () => {
    expect(await problemOf(await askTicket({}, metadata()))).toMatchObject(refusal(401, "unauthenticated"));
    expect(await problemOf(await complete({}, "00000000-0000-4000-8000-000000000000"))).toMatchObject(
      refusal(401, "unauthenticated"),
    );
  });

  test("another phone system can neither request, read nor complete this one's call", async () => {
    const own = metadata();
    const ticket = await ask(own);
    await sendBytes(ticket, file.bytes);
    const other = await serviceAccount();
    expect(await problemOf(await askTicket(other.headers, own))).toMatchObject(refusal(409, "conflict"));
    expect(await problemOf(await complete(other.headers, ticket.id))).toMatchObject(refusal(404, "not_found"));
    expect(
      await problemOf(await call("GET", `/api/recordings/${ticket.id}`, { headers: other.headers })),
    ).toMatchObject(refusal(404, "not_found"));
    expect((await recordingRow(ticket.id)).state).toBe("pending");
    expect((await complete(system.headers, ticket.id)).status).toBe(200);
  });
});
