import { asc, eq } from "drizzle-orm";
import { encode } from "next-auth/jwt";
import { beforeAll, describe, expect, test } from "vitest";
import { endSession } from "@/lib/access/sign-in/end-session";
import { sessionCookieName } from "@/lib/http/session/session-cookie";
import { database } from "@/lib/db/client";
import { auditEvents, recordings, sessions } from "@/lib/db/schema";
import { env } from "@/lib/core/env";
import { ipAddressOf, requestContext } from "@/lib/http/request-context";
import { newId } from "@/lib/core/new-id";
import { listRecordings } from "@/lib/recordings/list-recordings";
import { readAccount } from "@/lib/access/account/read-account";
import { changeOwnPassword } from "@/lib/access/account/change-own-password";
import { changeUser, knownPassword, signedInAs, type SignedIn } from "../../support/people";
import { askGrant } from "../../support/playbacks";
import { call } from "../../support/portal";
import { phoneSystem, problemOf, refusal, storedRecording } from "../../support/uploads";

let recordingId: string;
beforeAll(async () => {
  recordingId = await storedRecording(await phoneSystem());
});

/** The actor that the portal resolves from this cookie. */
async function actorOf(cookie: string) {
  return (await requestContext(new Request(`${env().NEXTAUTH_URL}/api/recordings/x`, { headers: { cookie } }))).actor;
}

describe("a session", () => {
  const endings: [string, (who: SignedIn) => Promise<unknown>][] = [
    ["ends with the sign-out", async (who) => endSession(await who.context(), {})],
    [
      "ends with its time",
      (who) =>
        database()
          .update(sessions)
          .set({ expiresAt: new Date(Date.now() - 1) })
          .where(eq(sessions.id, who.sessionId)),
    ],
    ["ends when the user is deactivated", (who) => changeUser(who.userId, { active: false })],
  ];
  test.each(endings)("%s, at once", async (_, end) => {
    const who = await signedInAs("dpo");
    expect(await actorOf(who.cookie)).toMatchObject({ type: "user", userId: who.userId, role: "dpo" });
    expect((await askGrant(who.headers, recordingId)).status).toBe(201);
    await end(who);
    expect(await actorOf(who.cookie)).toEqual({ type: "anonymous" });
    expect(await problemOf(await askGrant(who.headers, recordingId))).toMatchObject(refusal(401, "unauthenticated"));
  });

  test("has the user's current role", async () => {
    const who = await signedInAs("dpo");
    await changeUser(who.userId, { role: "auditor" });
    expect(await actorOf(who.cookie)).toMatchObject({ role: "auditor" });
    expect(await problemOf(await askGrant(who.headers, recordingId))).toMatchObject(refusal(403, "forbidden"));
    await changeUser(who.userId, { role: "dpo" });
    expect((await askGrant(who.headers, recordingId)).status).toBe(201);
  });

  test("ends once when signed out twice", async () => {
    const who = await signedInAs("admin");
    const context = await who.context();
    await endSession(context, {});
    await endSession(context, {});
    const ended = await database()
      .select()
      .from(auditEvents)
      .where(eq(auditEvents.action, "session.ended"))
      .orderBy(asc(auditEvents.id));
    expect(ended.filter(({ targetId }) => targetId === who.userId)).toHaveLength(1);
  });

  test.each<[string, (who: SignedIn) => Promise<string> | string]>([
    ["altered", (who) => who.cookie.replace(/.{4}$/, "AAAA")],
    ["cut", (who) => who.cookie.slice(0, -40)],
    ["empty", () => `${sessionCookieName()}=`],
    ["no token", () => `${sessionCookieName()}=%E0%A4%A`],
    [
      "signed with another secret",
      async (who) =>
        `${sessionCookieName()}=${await encode({ token: { sid: who.sessionId }, secret: "x".repeat(40) })}`,
    ],
    [
      "of a session that never was",
      async () => `${sessionCookieName()}=${await encode({ token: { sid: newId() }, secret: env().NEXTAUTH_SECRET })}`,
    ],
    [
      "without a session id",
      async (who) =>
        `${sessionCookieName()}=${await encode({ token: { sub: who.userId }, secret: env().NEXTAUTH_SECRET })}`,
    ],
    [
      "expired",
      async (who) =>
        `${sessionCookieName()}=${await encode({
          token: { sid: who.sessionId },
          secret: env().NEXTAUTH_SECRET,
          maxAge: -60,
        })}`,
    ],
    ["a bare session id", (who) => `${sessionCookieName()}=${who.sessionId}`],
  ])("with a cookie that is %s authenticates nobody", async (_, cookieOf) => {
    expect(await actorOf(await cookieOf(await signedInAs("admin")))).toEqual({ type: "anonymous" });
  });

  test("with a temporary password allows changing it and signing out only", async () => {
    const who = await signedInAs("dpo");
    await changeUser(who.userId, { mustChangePassword: true });
    await expect(listRecordings(await who.context(), {})).rejects.toMatchObject({ code: "password_change_required" });
    expect(await problemOf(await askGrant(who.headers, recordingId))).toMatchObject(
      refusal(403, "password_change_required"),
    );
    expect(await readAccount(await who.context(), {})).toMatchObject({ mustChangePassword: true });
    const newPassword = "tatu-bola-na-restinga-4";
    await changeOwnPassword(await who.context(), {
      currentPassword: knownPassword,
      newPassword,
      repeatedPassword: newPassword,
    });
    expect((await askGrant(who.headers, recordingId)).status).toBe(201);
    await changeUser(who.userId, { mustChangePassword: true });
    await endSession(await who.context(), {});
    expect(await actorOf(who.cookie)).toEqual({ type: "anonymous" });
  });
});

describe("another site", () => {
  const own = () => new URL(env().NEXTAUTH_URL).origin;
  test.each<[string, () => Record<string, string>, boolean]>([
    ["the portal's own page", () => ({ origin: own(), "sec-fetch-site": "same-origin" }), true],
    ["the portal's own page in an older browser", () => ({ origin: own() }), true],
    ["a same-origin request without Origin", () => ({ "sec-fetch-site": "same-origin" }), true],
    ["another origin", () => ({ origin: "https://evil.example", "sec-fetch-site": "cross-site" }), false],
    ["another origin in an older browser", () => ({ origin: "https://evil.example" }), false],
    ["a neighbouring port", () => ({ origin: "http://127.0.0.1:3000" }), false],
    ["another subdomain", () => ({ origin: own(), "sec-fetch-site": "same-site" }), false],
    ["a frame without an origin", () => ({ origin: "null", "sec-fetch-site": "cross-site" }), false],
    ["no header at all", () => ({}), false],
    ["an address typed by hand", () => ({ "sec-fetch-site": "none" }), false],
  ])("%s", async (_, headersOf, may) => {
    const { cookie } = await signedInAs("dpo");
    const answered = await askGrant({ cookie, ...headersOf() }, recordingId);
    if (may) expect(answered.status).toBe(201);
    else expect(await problemOf(answered)).toMatchObject(refusal(403, "cross_site"));
  });

  test("no response allows another origin to read it", async () => {
    const { headers } = await signedInAs("dpo");
    const answered = await askGrant({ ...headers }, recordingId);
    expect([...answered.headers.keys()].filter((name) => name.startsWith("access-control"))).toEqual([]);
  });
});

describe("the scheduler's secret", () => {
  const paths = ["/api/cron/reconcile", "/api/cron/retention"];
  test.each<[string, () => string | null]>([
    ["missing", () => null],
    ["wrong", () => `Bearer ${"x".repeat(40)}`],
    ["cut", () => `Bearer ${env().CRON_SECRET.slice(0, -1)}`],
    ["longer", () => `Bearer ${env().CRON_SECRET}x`],
    ["without its word", () => env().CRON_SECRET],
    ["empty", () => "Bearer "],
  ])("%s: refused", async (_, secret) => {
    for (const path of paths) {
      const authorization = secret();
      const answered = await call("GET", path, authorization === null ? {} : { headers: { authorization } });
      expect(await problemOf(answered)).toMatchObject(refusal(401, "wrong_cron_secret"));
    }
  });

  test("is correct: the job runs and reports counts", async () => {
    for (const path of paths) {
      const answered = await call("GET", path, { headers: { authorization: `Bearer ${env().CRON_SECRET}` } });
      expect(answered.status).toBe(200);
      expect(Object.values((await answered.json()) as object).some((value) => typeof value === "number")).toBe(true);
    }
  });

  test("opens no other route, and an API key or a session does not start the job", async () => {
    const metadata = { headers: { authorization: `Bearer ${env().CRON_SECRET}` }, json: {} };
    expect(await problemOf(await call("POST", "/api/recordings", metadata))).toMatchObject(
      refusal(401, "unknown_api_key"),
    );
    const before = await database().$count(recordings);
    const { headers } = await signedInAs("admin");
    expect(await problemOf(await call("GET", paths[0]!, { headers }))).toMatchObject(refusal(401, "wrong_cron_secret"));
    expect(await database().$count(recordings)).toBe(before);
  });
});

test("ignores the address that a client claims when there is no trusted proxy", async () => {
  expect(ipAddressOf(new Headers({ "x-forwarded-for": "203.0.113.9", "x-real-ip": "203.0.113.9" }))).toBeNull();
  const who = await signedInAs("dpo");
  await askGrant({ ...who.headers, "x-forwarded-for": "203.0.113.9" }, recordingId);
  const events = await database()
    .select({ ipAddress: auditEvents.ipAddress })
    .from(auditEvents)
    .where(eq(auditEvents.actorId, who.userId));
  expect(events.map(({ ipAddress }) => ipAddress)).toEqual(events.map(() => null));
});
