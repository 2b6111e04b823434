import { beforeAll, expect, test } from "vitest";
import { newId } from "@/lib/core/new-id";
import { audio } from "../../support/audio-fixtures";
import { call } from "../../support/portal";
import { phoneSystem, recordingRow, type PhoneSystem } from "../../support/uploads";

/**
 * The requests of phone systems that were programmed when a call had one recording, letter by letter. Their answers
 * may gain fields and lose none.
 */

let system: PhoneSystem;
const file = audio("call-04-wav-pcm-mono.wav");

beforeAll(async () => {
  system = await phoneSystem();
});

const post = (path: string, body: string) =>
  call("POST", path, {
    headers: { ...system.headers, "content-type": "application/json" },
    body,
  });

const announced = (sourceCallId: string) => `{
  "source": "asterisk-sp", "sourceCallId": "${sourceCallId}", "unit": "${system.unitCode}", "queue": "internet",
  "agent": "1042", "direction": "inbound", "startedAt": "${new Date().toISOString().slice(0, 19)}-00:00",
  "customerNumber": "+5511900001042",
  "contentType": "audio/wav", "sizeBytes": ${file.sizeBytes}, "sha256": "${file.sha256}" }`;

test("ticket, PUT, completion that names its ticket", async () => {
  const sourceCallId = newId();
  const asked = await post("/api/recordings", announced(sourceCallId));
  expect(asked.status).toBe(201);
  const ticket = (await asked.json()) as {
    id: string;
    state: string;
    upload: { kind: string; ticketId: string; method: string; url: string; headers: Record<string, string> };
  };
  expect(ticket).toMatchObject({ state: "pending", upload: { kind: "single", method: "PUT" } });
  expect(asked.headers.get("location")).toBe(`/api/recordings/${ticket.id}`);
  const sent = await call("PUT", ticket.upload.url, {
    headers: { ...ticket.upload.headers, "content-length": String(file.sizeBytes) },
    body: new Uint8Array(file.bytes),
  });
  expect(sent.status).toBe(200);
  const completed = await post(`/api/recordings/${ticket.id}/complete`, `{ "ticketId": "${ticket.upload.ticketId}" }`);
  expect([completed.status, await completed.json()]).toEqual([200, { id: ticket.id, state: "stored" }]);
  const again = await post("/api/recordings", announced(sourceCallId));
  expect([again.status, await again.json()]).toEqual([200, { id: ticket.id, state: "stored", upload: null }]);
  const state = await call("GET", `/api/recordings/${ticket.id}`, { headers: system.headers });
  expect(await state.json()).toMatchObject({
    ...{ id: ticket.id, state: "stored", source: "asterisk-sp", sourceCallId, rejectionCode: null },
    storedAt: expect.any(String) as unknown,
  });
});

test.each(["{}", ""])("a completion without a ticket: %j", async (body) => {
  const ticket = (await (await post("/api/recordings", announced(newId()))).json()) as {
    id: string;
    upload: { url: string; headers: Record<string, string> };
  };
  await call("PUT", ticket.upload.url, {
    headers: { ...ticket.upload.headers, "content-length": String(file.sizeBytes) },
    body: new Uint8Array(file.bytes),
  });
  const completed = await post(`/api/recordings/${ticket.id}/complete`, body);
  expect([completed.status, await completed.json()]).toEqual([200, { id: ticket.id, state: "stored" }]);
});

test("through the portal, without size and SHA-256", async () => {
  const asked = await post(
    "/api/recordings",
    `{ "source": "asterisk-sp", "sourceCallId": "${newId()}", "unit": "${system.unitCode}", "direction": "outbound",
       "startedAt": "${new Date().toISOString()}", "customerNumber": null, "contentType": "audio/x-wav" }`,
  );
  expect(asked.status).toBe(201);
  const { id, upload } = (await asked.json()) as { id: string; upload: { kind: string; url: string } };
  expect(upload).toMatchObject({ kind: "content", method: "PUT" });
  const sent = await call("PUT", upload.url, {
    headers: { ...system.headers, "content-type": "audio/wav", "content-length": String(file.sizeBytes) },
    body: new Uint8Array(file.bytes),
  });
  expect([sent.status, await sent.json()]).toEqual([200, { id, state: "stored" }]);
  expect((await recordingRow(id)).sha256!.toString("hex")).toBe(file.sha256);
});

test("what was refused is refused still", async () => {
  const broken = announced(newId()).replace('"inbound"', '"sideways"');
  expect((await post("/api/recordings", broken)).status).toBe(422);
  expect((await post("/api/recordings", announced(newId()).replace(system.unitCode, "nowhere"))).status).toBe(422);
  expect((await post("/api/recordings", announced(newId()).slice(1))).status).toBe(400);
});
