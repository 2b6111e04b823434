import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { newId } from "@/lib/core/new-id";
import { listPlaybacks } from "@/lib/playback/list-playbacks";
import { audio } from "../../support/audio-fixtures";
import { workOff } from "../../support/background-jobs";
import { signedInAs, signIn, type SignedIn } from "../../support/people";
import { bytesOf, grantOf, listen } from "../../support/playbacks";
import { call } from "../../support/portal";
import { startPortalServer, type PortalServer } from "../../support/portal-server";
import {
  eventsAbout,
  phoneSystem,
  problemOf,
  recordingRow,
  refusal,
  storedRecording,
  type PhoneSystem,
} from "../../support/uploads";

let server: PortalServer;
let system: PhoneSystem;
let recordingId: string;
let supervisor: SignedIn;

beforeAll(async () => {
  server = await startPortalServer();
  system = await phoneSystem();
  recordingId = await storedRecording(system, audio("call-35-ogg-opus-stereo.opus"));
  await workOff();
  supervisor = await signedInAs("supervisor", [system.unitId]);
});

afterAll(() => server.close());

const part = (startMs: number, endMs: number, how: object = {}) => ({
  ...{ startMs, endMs, rate: 1, isHidden: false, muted: "none" },
  ...how,
});

const report = (who: SignedIn, grantId: string, json: unknown) =>
  call("POST", `/api/playback/${grantId}/heard`, { headers: who.headers, json });

const historyOf = async (grantId: string) =>
  (await listPlaybacks(await supervisor.context(), { recordingId })).find(({ id }) => id === grantId)!;

const reports = async (grantId: string) =>
  (await eventsAbout(recordingId, "recording.play_reported")).filter(({ details }) => details.grantId === grantId);

/** A grant under which the whole file was sent. */
async function sent(): Promise<string> {
  const { grantId, url } = await grantOf(supervisor, recordingId);
  await bytesOf(await listen(supervisor.cookie, url));
  await vi.waitFor(async () => expect((await historyOf(grantId)).parts).not.toEqual([]), { timeout: 20_000 });
  return grantId;
}

test("what the player reports stands beside what was sent, and is no more than that", async () => {
  const grantId = await sent();
  const answered = await report(supervisor, grantId, { from: 0, parts: [part(0, 3000)] });
  expect([answered.status, await answered.json()]).toEqual([200, { parts: 1 }]);
  const { parts, heard, playFailure } = await historyOf(grantId);
  expect(parts.at(-1)!.endMs).toBeGreaterThan(20_000);
  expect([heard, playFailure]).toEqual([[part(0, 3000)], null]);
  expect(await reports(grantId)).toMatchObject([
    { outcome: "success", actorId: supervisor.userId, details: { grantId, heardParts: ["0-3000"] } },
  ]);
});

test("a repeated report changes nothing, and another under the same numbers neither", async () => {
  const grantId = await sent();
  await report(supervisor, grantId, { from: 0, parts: [part(0, 1000)] });
  const again = await report(supervisor, grantId, { from: 0, parts: [part(0, 1000), part(1000, 2000)] });
  expect(await again.json()).toEqual({ parts: 1 });
  expect(await (await report(supervisor, grantId, { from: 0, parts: [part(5000, 9000)] })).json()).toEqual({
    parts: 0,
  });
  expect((await historyOf(grantId)).heard).toEqual([part(0, 2000)]);
  expect(await reports(grantId)).toHaveLength(2);
});

test("nothing is heard that was not sent, nor after the end", async () => {
  const { grantId } = await grantOf(supervisor, recordingId);
  await report(supervisor, grantId, { from: 0, parts: [part(0, 3000)] });
  expect((await historyOf(grantId)).heard).toEqual([]);
  const other = await sent();
  await report(supervisor, other, { from: 0, parts: [part(0, 80_000_000), part(80_000_000, 80_001_000)] });
  const { heard } = await historyOf(other);
  expect(heard).toEqual([part(0, (await recordingRow(recordingId)).durationMs!)]);
});

test("a hidden tab, a muted side and the speed are kept", async () => {
  const grantId = await sent();
  const how = [part(0, 1000, { isHidden: true }), part(1000, 2000, { muted: "left" }), part(2000, 4000, { rate: 2 })];
  await report(supervisor, grantId, { from: 0, parts: how });
  expect((await historyOf(grantId)).heard).toEqual(how);
  expect((await reports(grantId))[0]!.details).toMatchObject({
    ...{ heardHiddenParts: ["0-1000"], heardLeftMutedParts: ["1000-2000"], heardRates: [2] },
  });
});

test("a play that failed is no play: it is a failure, once", async () => {
  const grantId = await sent();
  await report(supervisor, grantId, { from: 0, parts: [], failure: "undecodable" });
  await report(supervisor, grantId, { from: 0, parts: [], failure: "undecodable" });
  expect(await historyOf(grantId)).toMatchObject({ heard: [], playFailure: "undecodable" });
  expect(await reports(grantId)).toMatchObject([{ outcome: "failure", details: { code: "undecodable" } }]);
});

test("nobody reports under a grant that is not theirs, nor of a download", async () => {
  const grantId = await sent();
  const body = { from: 0, parts: [part(0, 1000)] };
  const strangers = [
    await signedInAs("supervisor", [system.unitId]),
    await signedInAs("dpo"),
    await signIn(supervisor),
  ];
  for (const stranger of strangers)
    expect(await problemOf(await report(stranger, grantId, body))).toMatchObject(refusal(404, "not_found"));
  const dpo = await signedInAs("dpo");
  const download = await grantOf(dpo, recordingId, "download");
  expect(await problemOf(await report(dpo, download.grantId, body))).toMatchObject(refusal(404, "not_found"));
  expect(await problemOf(await report(supervisor, newId(), body))).toMatchObject(refusal(404, "not_found"));
  expect(
    await problemOf(await call("POST", `/api/playback/${grantId}/heard`, { headers: system.headers, json: body })),
  ).toMatchObject(refusal(403, "forbidden"));
  expect(await problemOf(await call("POST", `/api/playback/${grantId}/heard`, { json: body }))).toMatchObject(
    refusal(401, "unauthenticated"),
  );
  const foreign = { ...supervisor.headers, origin: "https://evil.example", "sec-fetch-site": "cross-site" };
  expect(
    await problemOf(await call("POST", `/api/playback/${grantId}/heard`, { headers: foreign, json: body })),
  ).toMatchObject({ code: "cross_site" });
  expect([(await historyOf(grantId)).heard, await reports(grantId)]).toEqual([[], []]);
});

test.each<[string, unknown]>([
  ["more parts than one report may have", { from: 0, parts: Array(101).fill(part(0, 1000)) }],
  ["a part that ends before it begins", { from: 0, parts: [part(2000, 1000)] }],
  ["an unknown failure", { from: 0, parts: [], failure: "my_fault" }],
  ["a word that is not asked for", { from: 0, parts: [], userId: newId() }],
  ["a negative number", { from: -1, parts: [part(0, 1000)] }],
  ["an impossible speed", { from: 0, parts: [part(0, 1000, { rate: 60 })] }],
])("is refused with %s", async (_, body) => {
  const { grantId } = await grantOf(supervisor, recordingId);
  expect(await problemOf(await report(supervisor, grantId, body))).toMatchObject(refusal(422, "invalid_input"));
});

test("a grant takes five hundred parts and no more", async () => {
  const grantId = await sent();
  const parts = Array.from({ length: 100 }, (_, index) => part(index * 10, index * 10 + 5));
  expect(await (await report(supervisor, grantId, { from: 450, parts })).json()).toEqual({ parts: 50 });
  expect(await (await report(supervisor, grantId, { from: 100_000, parts })).json()).toEqual({ parts: 0 });
});
