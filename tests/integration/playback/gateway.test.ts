import { request as httpRequest } from "node:http";
import { endDoubt } from "../../support/doubtful-dates";
import { eq, sql } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { database } from "@/lib/db/client";
import { playbackGrants, playbackPurpose, recordings, sessions, uploadTickets, userUnits } from "@/lib/db/schema";
import { env } from "@/lib/core/env";
import { newId } from "@/lib/core/new-id";
import { endSession } from "@/lib/access/sign-in/end-session";
import { audio, type Audio } from "../../support/audio-fixtures";
import { changeUser, signedInAs, signIn, unit, type SignedIn } from "../../support/people";
import { askGrant, bytesOf, grantOf, listen, purpose, sentUnder, statusOf } from "../../support/playbacks";
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
let file: Audio;
let recordingId: string;
let supervisor: SignedIn;

beforeAll(async () => {
  server = await startPortalServer();
  system = await phoneSystem();
  file = audio("call-35-ogg-opus-stereo.opus");
  recordingId = await storedRecording(system, file);
  supervisor = await signedInAs("supervisor", [system.unitId]);
});

afterAll(() => server.close());

/** The waveform job may write its event at any time. */
const lastEvent = async (id = recordingId) =>
  (await eventsAbout(id)).findLast(({ action }) => action !== "recording.waveform_computed")!;

describe("a playback grant", () => {
  test.each(playbackPurpose.enumValues)("is given for the purpose %s", async (stated) => {
    const answered = await askGrant(supervisor.headers, recordingId, { ...purpose, purpose: stated });
    expect(answered.status).toBe(201);
    expect(await answered.json()).toMatchObject({
      delivery: "gateway",
      url: expect.stringMatching(/^\/api\/playback\/[0-9a-f-]{36}$/),
    });
    expect(await lastEvent()).toMatchObject({
      action: "recording.play_granted",
      actorId: supervisor.userId,
      details: { purpose: stated },
    });
  });

  test("stores the reference with the grant and not in the audit log", async () => {
    const { grantId } = await grantOf(supervisor, recordingId);
    const event = await lastEvent();
    expect(event.details).toMatchObject({ grantId, sessionId: supervisor.sessionId });
    expect(JSON.stringify(event)).not.toContain(purpose.reference);
    const [grant] = await database().select().from(playbackGrants).where(eq(playbackGrants.id, grantId));
    expect(grant).toMatchObject({
      reference: purpose.reference,
      purpose: "quality_supervision",
      userId: supervisor.userId,
      sessionId: supervisor.sessionId,
    });
  });

  test.each<[string, unknown]>([
    ["no purpose", { reference: purpose.reference }],
    ["no reference", { purpose: purpose.purpose }],
    ["an empty reference", { ...purpose, reference: " " }],
    ["a CPF as reference", { ...purpose, reference: "529.982.247-25" }],
    ["an unknown purpose", { ...purpose, purpose: "curiosity" }],
    ["a reference with a line feed", { ...purpose, reference: "a\nb" }],
    ["a reference with U+0000", { ...purpose, reference: "a\u0000" }],
    ["a long reference", { ...purpose, reference: "x".repeat(65) }],
    ["a word that is not asked for", { ...purpose, expiresAt: "2999-01-01T00:00:00Z" }],
    ["another recording in the body", { ...purpose, grantId: newId() }],
  ])("is refused with %s", async (_, body) => {
    expect(await problemOf(await askGrant(supervisor.headers, recordingId, body))).toMatchObject(
      refusal(422, "invalid_input"),
    );
  });

  test.each([
    ["not stored yet", "pending"],
    ["rejected", "rejected"],
  ] as const)("is refused for a recording that is %s", async (_, state) => {
    const id = newId();
    await database()
      .insert(recordings)
      .values({
        id,
        state,
        source: "central",
        sourceCallId: id,
        sourceRecordingId: id,
        uploadedByType: "service",
        uploadedById: newId(),
        unitId: system.unitId,
        direction: "inbound",
        startedAt: new Date(),
        contentType: "audio/wav",
        sizeBytes: 1,
        sha256: Buffer.alloc(32),
      });
    expect(await problemOf(await askGrant(supervisor.headers, id))).toMatchObject(refusal(404, "not_found"));
  });

  test("is refused alike for another unit's recording and for one that does not exist", async () => {
    const other = await signedInAs("supervisor", [(await unit()).unitId]);
    const { body: theirs, ...foreign } = await problemOf(await askGrant(other.headers, recordingId));
    const { body: none, ...absent } = await problemOf(await askGrant(other.headers, newId()));
    expect(foreign).toEqual(absent);
    expect({ ...theirs, requestId: "" }).toEqual({ ...none, requestId: "" });
    expect(foreign).toMatchObject(refusal(404, "not_found"));
  });

  test("is given to a DPO for every unit, also to download; a supervisor may not download", async () => {
    const dpo = await signedInAs("dpo");
    const { url } = await grantOf(dpo, recordingId, "download");
    expect(await lastEvent()).toMatchObject({ action: "recording.download_granted" });
    const answered = await listen(dpo.cookie, url);
    expect(answered.headers.get("content-disposition")).toBe(`attachment; filename="${recordingId}.ogg"`);
    expect((await bytesOf(answered)).equals(file.bytes)).toBe(true);
    await vi.waitFor(
      async () => expect(await lastEvent()).toMatchObject({ action: "recording.downloaded", actorId: dpo.userId }),
      { timeout: 20_000 },
    );
    expect(await problemOf(await askGrant(supervisor.headers, recordingId, purpose, "download"))).toMatchObject(
      refusal(403, "forbidden"),
    );
  });
});

describe("byte ranges", () => {
  const size = () => file.sizeBytes;
  test.each<[string, (size: number) => [number, number]]>([
    ["bytes=0-1", () => [0, 1]],
    ["bytes=0-0", () => [0, 0]],
    ["bytes=70000-140000", () => [70_000, 140_000]],
    ["bytes=65535-65536", () => [65_535, 65_536]],
    ["bytes=600000-", (end) => [600_000, end - 1]],
    ["bytes=0-", (end) => [0, end - 1]],
    ["bytes=-500", (end) => [end - 500, end - 1]],
    ["bytes=-99999999", (end) => [0, end - 1]],
    ["bytes=651000-99999999", (end) => [651_000, end - 1]],
  ])("%s", async (range, expected) => {
    const { grantId, url } = await grantOf(supervisor, recordingId);
    const [start, end] = expected(size());
    const answered = await listen(supervisor.cookie, url, { range });
    expect(answered.status).toBe(206);
    expect(Object.fromEntries(answered.headers)).toMatchObject({
      "content-range": `bytes ${start}-${end}/${size()}`,
      "content-length": String(end - start + 1),
      "accept-ranges": "bytes",
      "content-type": "audio/ogg",
      "cache-control": "private, no-store",
      "content-disposition": "inline",
      "x-content-type-options": "nosniff",
    });
    expect((await bytesOf(answered)).equals(file.bytes.subarray(start, end + 1))).toBe(true);
    await vi.waitFor(async () => expect(await sentUnder(grantId)).toEqual([[start, end + 1]]), { timeout: 20_000 });
    expect(await lastEvent()).toMatchObject({
      action: "recording.played",
      actorId: supervisor.userId,
      details: { grantId, byteStart: start, byteEnd: end + 1, sizeBytes: size() },
    });
  });

  test.each([[undefined], ["bytes=5-2"], ["bytes=0-1,5-9"], ["pages=1-2"], ["bytes=a-b"]])(
    "sends the whole for %s",
    async (range) => {
      const { url } = await grantOf(supervisor, recordingId);
      const answered = await listen(supervisor.cookie, url, range ? { range } : {});
      expect([answered.status, answered.headers.get("content-length")]).toEqual([200, String(size())]);
      expect((await bytesOf(answered)).equals(file.bytes)).toBe(true);
    },
  );

  test.each(["bytes=99999999-", "bytes=-0"])("answers 416 for %s and sends nothing", async (range) => {
    const { grantId, url } = await grantOf(supervisor, recordingId);
    const answered = await listen(supervisor.cookie, url, { range });
    expect([answered.status, answered.headers.get("content-range")]).toEqual([416, `bytes */${size()}`]);
    expect(await sentUnder(grantId)).toEqual([]);
  });

  test("answers HEAD like GET without a body", async () => {
    const { grantId, url } = await grantOf(supervisor, recordingId);
    const answered = await call("HEAD", url, { headers: { cookie: supervisor.cookie, range: "bytes=0-9" } });
    expect([answered.status, answered.headers.get("content-length"), (await bytesOf(answered)).length]).toEqual([
      206,
      "10",
      0,
    ]);
    expect(await sentUnder(grantId)).toEqual([]);
  });

  test("sends the whole for an If-Range of another version", async () => {
    const { url } = await grantOf(supervisor, recordingId);
    const etag = (await call("HEAD", url, { headers: { cookie: supervisor.cookie } })).headers.get("etag")!;
    expect(await statusOf(await listen(supervisor.cookie, url, { range: "bytes=0-9", "if-range": etag }))).toBe(206);
    expect(await statusOf(await listen(supervisor.cookie, url, { range: "bytes=0-9", "if-range": '"other"' }))).toBe(
      200,
    );
  });

  test("adds up the ranges of one grant", async () => {
    const { grantId, url } = await grantOf(supervisor, recordingId);
    const ranges = [
      [0, 1],
      [100_000, 199_999],
      [200_000, 299_999],
      [400_000, 400_009],
    ];
    await Promise.all(
      ranges.map(async ([start, end]) =>
        bytesOf(await listen(supervisor.cookie, url, { range: `bytes=${start}-${end}` })),
      ),
    );
    await vi.waitFor(
      async () =>
        expect(await sentUnder(grantId)).toEqual([
          [0, 2],
          [100_000, 300_000],
          [400_000, 400_010],
        ]),
      { timeout: 20_000 },
    );
  });

  test("records only the bytes sent when the listener disconnects", async () => {
    const { grantId, url } = await grantOf(supervisor, recordingId);
    const received = await new Promise<number>((resolve, reject) => {
      let bytes = 0;
      const sent = httpRequest(new URL(url, server.origin), { headers: { cookie: supervisor.cookie } }, (response) => {
        response.on("data", (chunk: Buffer) => {
          bytes += chunk.length;
          if (bytes > 30_000) sent.destroy();
        });
        response.on("close", () => resolve(bytes));
      });
      sent.on("error", (error) => (sent.destroyed ? undefined : reject(error)));
      sent.end();
    });
    await vi.waitFor(async () => expect(await sentUnder(grantId)).toHaveLength(1), { timeout: 20_000 });
    const [[start, end]] = (await sentUnder(grantId)) as [[number, number]];
    expect(start).toBe(0);
    expect(end).toBeGreaterThanOrEqual(received > 60_000 ? 60_000 : 30_000);
    expect(end).toBeLessThan(file.sizeBytes);
  });
});

describe("the link of a grant", () => {
  type Case = [
    name: string,
    status: number,
    code: string,
    prepare: (who: SignedIn, grantId: string) => Promise<string | null | void>,
  ];
  const update = (grantId: string, columns: Parameters<ReturnType<ReturnType<typeof database>["update"]>["set"]>[0]) =>
    database()
      .update(playbackGrants)
      .set(columns as never)
      .where(eq(playbackGrants.id, grantId));
  const cases: Case[] = [
    ["from another browser of the same person", 403, "forbidden", async (who) => (await signIn(who)).cookie],
    [
      "from another person who may hear it",
      403,
      "forbidden",
      async () => (await signedInAs("supervisor", [system.unitId])).cookie,
    ],
    ["from a DPO", 403, "forbidden", async () => (await signedInAs("dpo")).cookie],
    ["from nobody", 401, "unauthenticated", async () => null],
    ["with a cookie that was altered", 401, "unauthenticated", async (who) => `${who.cookie.slice(0, -6)}AAAAAA`],
    ["after the sign-out", 401, "unauthenticated", async (who) => void (await endSession(await who.context(), {}))],
    [
      "after the session's end",
      401,
      "unauthenticated",
      async (who) =>
        void (await database()
          .update(sessions)
          .set({ expiresAt: new Date(Date.now() - 1) })
          .where(eq(sessions.id, who.sessionId))),
    ],
    ["after the person was deactivated", 401, "unauthenticated", (who) => changeUser(who.userId, { active: false })],
    ["after the person became auditor", 403, "forbidden", (who) => changeUser(who.userId, { role: "auditor" })],
    [
      "after the unit was taken from the supervisor",
      403,
      "forbidden",
      async (who) => void (await database().delete(userUnits).where(eq(userUnits.userId, who.userId))),
    ],
    [
      "after its end",
      410,
      "expired",
      async (_, grantId) => void (await update(grantId, { expiresAt: new Date(Date.now() - 1) })),
    ],
    [
      "after it was revoked",
      410,
      "revoked",
      async (_, grantId) => void (await update(grantId, { revokedAt: new Date() })),
    ],
    [
      "with a temporary password",
      403,
      "password_change_required",
      (who) => changeUser(who.userId, { mustChangePassword: true }),
    ],
  ];
  test.each(cases)("%s", async (_, status, code, prepare) => {
    const who = await signedInAs("supervisor", [system.unitId]);
    const { grantId, url } = await grantOf(who, recordingId);
    expect(await statusOf(await listen(who.cookie, url, { range: "bytes=0-1" }))).toBe(206);
    const cookie = await prepare(who, grantId);
    const answered = await problemOf(
      await listen(cookie === undefined ? who.cookie : cookie, url, { range: "bytes=0-1" }),
    );
    expect(answered).toMatchObject(refusal(status, code));
    expect(JSON.stringify(answered.body)).not.toContain("recordings/");
    if (code === "password_change_required") return;
    expect(await lastEvent()).toMatchObject({
      action: "recording.playback_refused",
      outcome: "denied",
      details: { grantId, grantedTo: who.userId, code },
    });
  });

  test("is refused with the API key of the phone system", async () => {
    const { grantId, url } = await grantOf(supervisor, recordingId);
    expect(await problemOf(await call("GET", url, { headers: system.headers }))).toMatchObject(
      refusal(403, "forbidden"),
    );
    expect(await lastEvent()).toMatchObject({
      action: "recording.playback_refused",
      actorType: "service",
      details: { grantId, code: "forbidden" },
    });
  });

  test("is not found for an unknown grant: an event for a signed-in user, none for an anonymous caller", async () => {
    const unknown = newId();
    const count = () =>
      database().execute<{ n: number }>(
        sql`select count(*)::int as n from audit_events where details->>'grantId' = ${unknown}`,
      );
    expect(await problemOf(await listen(null, `/api/playback/${unknown}`))).toMatchObject(refusal(404, "not_found"));
    expect((await count())[0]!.n).toBe(0);
    expect(await problemOf(await listen(supervisor.cookie, `/api/playback/${unknown}`))).toMatchObject(
      refusal(404, "not_found"),
    );
    expect((await count())[0]!.n).toBe(1);
    expect(await problemOf(await listen(supervisor.cookie, "/api/playback/not-an-id"))).toMatchObject(
      refusal(422, "invalid_input"),
    );
  });

  test("is refused after retention deleted the recording, and no new grant is given", async () => {
    const gone = await storedRecording(system);
    const { url, grantId } = await grantOf(supervisor, gone);
    expect(await statusOf(await listen(supervisor.cookie, url))).toBe(200);
    await database()
      .update(recordings)
      .set({ startedAt: sql`now() - interval '400 days'`, retainUntil: sql`now() - interval '1 day'` })
      .where(eq(recordings.id, gone));
    await endDoubt(gone);
    await database()
      .update(uploadTickets)
      .set({ expiresAt: sql`now() - interval '1 hour'` })
      .where(eq(uploadTickets.recordingId, gone));
    const run = await call("GET", "/api/cron/retention?limitSeconds=20", {
      headers: { authorization: `Bearer ${env().CRON_SECRET}` },
    });
    expect(run.status).toBe(200);
    expect(await run.json()).toMatchObject({ deleted: 1, failed: 0 });
    expect((await recordingRow(gone)).state).toBe("deleted");
    const answered = await problemOf(await listen(supervisor.cookie, url));
    expect([
      [410, "revoked"],
      [404, "not_found"],
    ]).toContainEqual([answered.status, answered.code]);
    expect(await lastEvent(gone)).toMatchObject({ action: "recording.playback_refused", details: { grantId } });
    expect(await problemOf(await askGrant(supervisor.headers, gone))).toMatchObject(refusal(404, "not_found"));
  });
});
