import { decode } from "next-auth/jwt";
import { and, asc, eq, gt, sql, type SQL } from "drizzle-orm";
import { beforeAll, describe, expect, test } from "vitest";
import { sessionCookieName } from "@/lib/http/session/session-cookie";
import { startSession } from "@/lib/access/sign-in/start-session";
import { auditEvent } from "@/lib/operation/audit-event";
import { recordAuditEvents } from "@/lib/operation/event-append";
import { database } from "@/lib/db/client";
import { auditEvents, sessions, signInThrottles } from "@/lib/db/schema";
import { env } from "@/lib/core/env";
import { newId } from "@/lib/core/new-id";
import { csrf, nextAuth } from "../../support/next-auth";
import { account, anonymous, knownPassword, type Account } from "../../support/people";

/** Signs in as the browser does: the CSRF token first, then the password. */
async function signInWith(email: string, password: string): Promise<{ cookie: string | null; error: string | null }> {
  const { csrfToken, cookies } = await csrf();
  const { body, cookies: set } = await nextAuth("callback", cookies, {
    email,
    password,
    csrfToken,
    callbackUrl: "/",
    json: "true",
  });
  const { url } = body as { url: string };
  return {
    cookie: set[sessionCookieName()] || null,
    error: new URL(url, env().NEXTAUTH_URL).searchParams.get("error"),
  };
}

const eventsSince = (since: string) =>
  database()
    .select({
      action: auditEvents.action,
      outcome: auditEvents.outcome,
      targetId: auditEvents.targetId,
      actorType: auditEvents.actorType,
      ipAddress: auditEvents.ipAddress,
      details: auditEvents.details,
    })
    .from(auditEvents)
    .where(and(gt(auditEvents.id, since)))
    .orderBy(asc(auditEvents.id));

let person: Account;
beforeAll(async () => {
  person = await account("auditor");
});

describe("the sign-in", () => {
  test("sets a cookie with only a session id, and writes a session and an event, for correct credentials", async () => {
    const since = newId();
    const { cookie, error } = await signInWith(person.email.toUpperCase(), knownPassword);
    expect(error).toBeNull();
    const token = (await decode({ token: cookie!, secret: env().NEXTAUTH_SECRET }))!;
    expect(Object.keys(token).sort()).toEqual(["exp", "iat", "jti", "sid"]);
    const [session] = await database().select().from(sessions).where(eq(sessions.id, token.sid!));
    expect(session).toMatchObject({ userId: person.userId, endedAt: null });
    expect(session!.expiresAt.getTime() - Date.now()).toBeGreaterThan(11.9 * 3_600_000);
    expect(await eventsSince(since)).toMatchObject([
      { action: "session.started", outcome: "success", targetId: person.userId, details: { sessionId: token.sid } },
    ]);
  });

  test("answers a wrong password, an unknown or inactive account and invalid input alike, with an event", async () => {
    const inactive = await account("admin", [], { active: false });
    const attempts: [string, string, string | null][] = [
      [person.email, "wrong-password", person.userId],
      [`${newId()}@nowhere.example`, knownPassword, null],
      [inactive.email, knownPassword, inactive.userId],
      [person.email, "x".repeat(1000), person.userId],
    ];
    for (const [email, password, targetId] of attempts) {
      const since = newId();
      expect(await signInWith(email, password)).toEqual({ cookie: null, error: "invalid_credentials" });
      expect(await eventsSince(since)).toMatchObject([
        { action: "session.start_failed", outcome: "failure", targetId, actorType: "anonymous" },
      ]);
    }
    const badInput: [string, string][] = [
      ["", ""],
      [person.email, ""],
      ["a".repeat(300), "b"],
      [`a\u0000@b.example`, "b"],
      [person.email, "y".repeat(2000)],
      ["' or 1=1 --", "' or 1=1 --"],
      [person.email, "a\u0000b"],
    ];
    for (const [email, password] of badInput)
      expect(await signInWith(email, password)).toEqual({ cookie: null, error: "invalid_credentials" });
  });

  test("checks nothing without next-auth's CSRF token", async () => {
    const since = newId();
    const answered = await nextAuth(
      "callback",
      {},
      { email: person.email, password: knownPassword, csrfToken: "0".repeat(64), json: "true" },
    );
    expect(answered.cookies[sessionCookieName()]).toBeUndefined();
    expect(await eventsSince(since)).toEqual([]);
  });

  test("ends the stored session when next-auth signs out", async () => {
    const { cookie } = await signInWith(person.email, knownPassword);
    const { sid } = (await decode({ token: cookie!, secret: env().NEXTAUTH_SECRET }))!;
    const { csrfToken, cookies } = await csrf();
    const since = newId();
    await nextAuth("signout", { ...cookies, [sessionCookieName()]: cookie! }, { csrfToken, json: "true" });
    const [session] = await database().select().from(sessions).where(eq(sessions.id, sid!));
    expect(session!.endedAt).not.toBeNull();
    expect(await eventsSince(since)).toMatchObject([{ action: "session.ended", targetId: person.userId }]);
  });

  test("exposes the session's end through next-auth and nothing about the person", async () => {
    const { cookie } = await signInWith(person.email, knownPassword);
    const { body } = await nextAuth("session", { [sessionCookieName()]: cookie! });
    expect(Object.keys(body as object)).toEqual(["expires"]);
  });
});

describe("guessing passwords", () => {
  const guess = (email: string, password = "wrong-password", ipAddress: string | null = null) =>
    startSession({ ...anonymous(), ipAddress }, { email, password }).then(
      () => ({ code: "done", wait: 0 }),
      (error: { code: string; details: { retryAfterSeconds?: number } }) => ({
        code: error.code,
        wait: error.details.retryAfterSeconds ?? 0,
      }),
    );
  /** Ends the lock as if its time were over. */
  const waitItOut = () =>
    database()
      .update(signInThrottles)
      .set({ lockedUntil: new Date(Date.now() - 1) });

  test.each(["an account that exists", "one that does not"])(
    "%s: three are free, then the wait doubles up to a quarter of an hour",
    async (which) => {
      const { email } =
        which === "one that does not" ? { email: `${newId()}@nowhere.example` } : await account("supervisor");
      for (let times = 0; times < 3; times += 1)
        expect(await guess(email)).toMatchObject({ code: "invalid_credentials" });
      const waits: number[] = [];
      for (let times = 0; times < 12; times += 1) {
        expect(await guess(email)).toMatchObject({ code: "invalid_credentials" });
        const locked = await guess(email, knownPassword);
        expect(locked.code).toBe("locked");
        waits.push(locked.wait);
        await waitItOut();
      }
      for (const [index, wait] of waits.entries()) {
        const asked = Math.min(900, 2 ** (index + 1));
        expect(wait).toBeLessThanOrEqual(asked);
        expect(wait).toBeGreaterThanOrEqual(asked - 2);
      }
    },
  );

  test("refuses the correct password of a locked account, with an event; success resets the count", async () => {
    const { email, userId } = await account("auditor");
    for (let times = 0; times < 5; times += 1) await guess(email).then(waitItOut);
    await guess(email);
    const since = newId();
    const { error } = await signInWith(email, knownPassword);
    expect(error).toMatch(/^locked:\d+$/);
    expect(await eventsSince(since)).toMatchObject([
      { action: "session.start_locked", outcome: "denied", targetId: userId },
    ]);
    await waitItOut();
    expect(await guess(email, knownPassword)).toMatchObject({ code: "done" });
    for (let times = 0; times < 3; times += 1)
      expect(await guess(email)).toMatchObject({ code: "invalid_credentials" });
    expect(await guess(email, knownPassword)).toMatchObject({ code: "done" });
  });

  test("checks no more passwords in thirty parallel attempts than one after the other", async () => {
    const { email, userId } = await account("auditor");
    const begun = Date.now();
    const answers = await Promise.all(Array.from({ length: 30 }, () => guess(email)));
    // Four attempts precede the first lock; each second of a slow machine may allow one more.
    const mostLooked = 4 + Math.ceil((Date.now() - begun) / 2000);
    const looked = answers.filter(({ code }) => code === "invalid_credentials").length;
    expect(looked).toBeGreaterThanOrEqual(4);
    expect(looked).toBeLessThanOrEqual(mostLooked);
    expect(answers.filter(({ code }) => code === "locked")).toHaveLength(30 - looked);
    const events = await database()
      .select({ action: auditEvents.action })
      .from(auditEvents)
      .where(eq(auditEvents.targetId, userId));
    expect(events.filter(({ action }) => action === "session.start_failed")).toHaveLength(looked);
    expect(events.filter(({ action }) => action === "session.start_locked")).toHaveLength(30 - looked);
  });

  test("locks an address that tries many accounts, and no other address", async () => {
    const address = "203.0.113.7";
    for (let times = 0; times < 40; times += 1)
      expect(await guess(`${newId()}@nowhere.example`, "wrong-password", address)).toMatchObject({
        code: "invalid_credentials",
      });
    expect(await guess(person.email, knownPassword, address)).toMatchObject({ code: "locked" });
    expect(await guess(person.email, knownPassword, "203.0.113.8")).toMatchObject({ code: "done" });
    await waitItOut();
    // A correct password resets the account, not the address: otherwise one valid account would hide many guesses.
    expect(await guess(person.email, knownPassword, address)).toMatchObject({ code: "done" });
    expect(await guess(`${newId()}@nowhere.example`, "wrong-password", address)).toMatchObject({
      code: "invalid_credentials",
    });
    expect(await guess(person.email, knownPassword, address)).toMatchObject({ code: "locked" });
  });
});

describe("the log of sign-ins", () => {
  const address = "203.0.113.77";
  const attempt = async (password: string, userAgent: string | null) => {
    const since = newId();
    const { email } = person;
    await startSession({ ...anonymous(), ipAddress: address }, { email, password, userAgent }).catch(() => undefined);
    return eventsSince(since);
  };
  const chrome =
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36";

  test("has address, browser and system of each attempt", async () => {
    const facts = { ipAddress: address, details: { browser: "Chrome 156", operatingSystem: "Linux" } };
    expect(await attempt("wrong-password", chrome)).toMatchObject([{ action: "session.start_failed", ...facts }]);
    expect(await attempt(knownPassword, chrome)).toMatchObject([{ action: "session.started", ...facts }]);
  });

  test.each([null, "", "maria@example.com/1.0", "x".repeat(5000), "Chrome/maria (Linux"])(
    "takes no text from a User-Agent (%#)",
    async (userAgent) => {
      const [event] = await attempt(knownPassword, userAgent);
      expect(event).toMatchObject({ action: "session.started", ipAddress: address });
      const { browser, operatingSystem } = event!.details;
      expect([null, "Chrome"]).toContain(browser);
      expect([null, "Linux"]).toContain(operatingSystem);
    },
  );
});

test("the throttle holds no name or address; the audit log no name, and addresses of sign-ins alone", async () => {
  const context = { ...anonymous(), ipAddress: "203.0.113.7" };
  await expect(startSession(context, { email: person.email, password: "wrong-password" })).rejects.toBeDefined();
  await recordAuditEvents(context, auditEvent("subject_request.code_refused", { outcome: "denied" }));
  const rowsOf = async (rows: SQL) => JSON.stringify(await database().execute(rows));
  const anonymousEvents = sql`select to_jsonb(e) from audit_events as e where actor_type = 'anonymous'`;
  const throttles = await rowsOf(sql`select to_jsonb(t) from sign_in_throttles as t`);
  const others = await rowsOf(sql`${anonymousEvents} and action not like 'session.%'`);
  const signIns = await rowsOf(sql`${anonymousEvents} and action like 'session.%'`);
  expect(others).toContain("subject_request.code_refused");
  expect(signIns).toContain("203.0.113.7");
  expect(throttles + others).not.toContain("203.0.113");
  expect(throttles + others + signIns).not.toContain("@");
});
