import { generateKeyPairSync } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { and, eq, sql } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { enqueueSignOnChecks } from "@/lib/access/single-sign-on/renewal/enqueue-sign-on-checks";
import { signOnCheckJob } from "@/lib/access/single-sign-on/renewal/sign-on-check-job";
import { askAgain } from "@/lib/access/single-sign-on/renewal/ask-again";
import { readLogin } from "@/lib/access/single-sign-on/renewal/read-login";
import { removeRule } from "@/lib/access/single-sign-on/settings/remove-rule";
import { readSingleSignOn } from "@/lib/access/single-sign-on/settings/read-single-sign-on";
import { resolveSession } from "@/lib/access/sign-in/session-user";
import { endSession } from "@/lib/access/sign-in/end-session";
import { database } from "@/lib/db/client";
import { auditEvents, jobs, sessions, ssoLogins } from "@/lib/db/schema";
import { newId } from "@/lib/core/new-id";
import { jobContext } from "@/lib/operation/job-context";
import { readHealth } from "@/lib/overview/read-health";
import { jobsTurnComes, workOff } from "../../support/background-jobs";
import { operator } from "../../support/people";
import { call } from "../../support/portal";
import { portalWithProvider, refusals, sessionBySignOn, userOf, usualRules } from "../../support/sign-on";
import { SignOnBrowser } from "../../support/sign-on-browser";

/** Where the provider sends its logout tokens: straight to the portal's route. */
const answered: number[] = [];
const door = createServer((request, response) => {
  void (async () => {
    const headers = { "content-type": String(request.headers["content-type"]) };
    const { status } = await call("POST", "/api/sso/back-channel-logout", { headers, body: await text(request) });
    answered.push(status);
    response.writeHead(status).end();
  })();
});
await new Promise<void>((resolve) => door.listen(0, "127.0.0.1", resolve));
const provider = await portalWithProvider({
  logoutAddress: `http://127.0.0.1:${(door.address() as AddressInfo).port}/`,
});
afterAll(async () => {
  door.close();
  await provider.close();
});
beforeAll(usualRules);
beforeEach(async () => {
  provider.restore();
  await database().delete(jobs).where(eq(jobs.kind, "sign_on_check"));
});

const attributes = (email: string, roles = ["custodia-auditor"]) => ({
  email,
  email_verified: true,
  name: "Ana",
  roles,
});

/** Somebody who is signed in by the provider. */
async function signedOn(subject = newId()) {
  const email = `${subject}@empresa.example`;
  provider.person(subject, attributes(email));
  const { sessionId, browser } = await sessionBySignOn();
  const [session] = await database().select().from(sessions).where(eq(sessions.id, sessionId));
  return { subject, email, sessionId, browser, loginId: session!.ssoLoginId! };
}

const isOpen = async (sessionId: string) => (await resolveSession(sessionId)) !== null;
const loginOf = async (id: string) => (await database().select().from(ssoLogins).where(eq(ssoLogins.id, id)))[0]!;
const check = async () => {
  await jobsTurnComes();
  return workOff("sign_on_check");
};
const endsOf = async (email: string) => {
  const { id } = (await userOf(email))!;
  const which = and(eq(auditEvents.targetId, id), eq(auditEvents.action, "single_sign_on.ended"));
  return (await database().select().from(auditEvents).where(which)).map(({ details }) => details);
};

describe("back-channel logout", () => {
  const seconds = () => Math.floor(Date.now() / 1000);
  const event = "http://schemas.openid.net/event/backchannel-logout";
  const claimsFor = (sub: string): Record<string, unknown> => ({
    ...{ iss: provider.issuer, aud: "custodia", iat: seconds(), exp: seconds() + 120, jti: newId(), sub },
    events: { [event]: {} },
  });
  const header = { typ: "logout+jwt" };
  const send = (logout_token: string, type = "application/x-www-form-urlencoded") =>
    call("POST", "/api/sso/back-channel-logout", {
      headers: { "content-type": type },
      body: new URLSearchParams({ logout_token }).toString(),
    });

  test("of the real provider ends the sessions of its session, and no other's", async () => {
    const who = await signedOn();
    const other = await signedOn();
    await provider.logOut(who.subject, who.browser.provider._session!);
    expect(answered.at(-1)).toBe(200);
    expect(await isOpen(who.sessionId)).toBe(false);
    expect(await isOpen(other.sessionId)).toBe(true);
    expect(await endsOf(who.email)).toEqual([{ endedBy: "logout", sessionsEnded: 1 }]);
    expect(await loginOf(who.loginId)).toMatchObject({ tokens: null });
  });

  test("by the subject alone ends all of its sessions, once", async () => {
    const who = await signedOn();
    const second = await sessionBySignOn();
    const token = provider.sign({ header, claims: claimsFor(who.subject) });
    const answer = await send(token);
    expect(answer.status).toBe(200);
    expect(answer.headers.get("cache-control")).toBe("no-store");
    expect([await isOpen(who.sessionId), await isOpen(second.sessionId)]).toEqual([false, false]);
    const again = await send(token);
    expect([again.status, await again.json()]).toEqual([
      400,
      { error: "invalid_request", error_description: "logout_token_used" },
    ]);
    expect(await refusals()).toContain("logout_token_used");
  });

  test("ends a sign-in whose ticket was not used yet", async () => {
    const subject = newId();
    provider.person(subject, attributes(`${subject}@empresa.example`));
    const browser = new SignOnBrowser();
    await browser.signOn();
    expect((await send(provider.sign({ header, claims: claimsFor(subject) }))).status).toBe(200);
    expect((await browser.handOver()).error).toBe("sign_in_expired");
  });

  test("of a subject that nobody is, is accepted and does nothing", async () => {
    expect((await send(provider.sign({ header, claims: claimsFor(newId()) }))).status).toBe(200);
  });

  const otherKey = generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey;
  type Jwt = { header: Record<string, unknown>; claims: Record<string, unknown> };
  const without = (name: string) => (jwt: Jwt) => {
    const { [name]: _, ...claims } = jwt.claims;
    return provider.sign({ ...jwt, claims });
  };
  const withClaims = (claims: Record<string, unknown>) => (jwt: Jwt) =>
    provider.sign({ ...jwt, claims: { ...jwt.claims, ...claims } });
  test.each<[string, (jwt: Jwt) => string]>([
    ["another type", (jwt) => provider.sign({ ...jwt, header: { typ: "JWT" } })],
    ["no type", (jwt) => provider.sign({ ...jwt, header: {} })],
    ["no signature", (jwt) => provider.sign({ ...jwt, header: { ...header, alg: "none" } })],
    ["a shared secret", (jwt) => provider.sign({ ...jwt, header: { ...header, alg: "HS256" } })],
    ["another key", (jwt) => provider.sign(jwt, otherKey)],
    ["an unknown key", (jwt) => provider.sign({ ...jwt, header: { ...header, kid: "outra" } })],
    ["another issuer", withClaims({ iss: "https://outro.example" })],
    ["another client", withClaims({ aud: "outro" })],
    ["no time", without("iat")],
    ["an old time", withClaims({ iat: seconds() - 3600, exp: seconds() + 60 })],
    ["a time to come", withClaims({ iat: seconds() + 600 })],
    ["its end behind it", withClaims({ exp: seconds() - 60 })],
    ["no jti", without("jti")],
    ["an empty jti", withClaims({ jti: "" })],
    ["no events", without("events")],
    ["another event", withClaims({ events: { "http://schemas.openid.net/event/other": {} } })],
    ["an event that is no object", withClaims({ events: { [event]: true } })],
    ["a nonce", withClaims({ nonce: "x" })],
    ["neither subject nor session", without("sub")],
    ["a subject that is no text", withClaims({ sub: 7 })],
    ["nothing in it", () => ""],
    ["no form of a token", () => "nenhum"],
  ])("with %s is refused and ends nobody", async (_, make) => {
    const who = await signedOn();
    const before = (await refusals()).length;
    const answer = await send(make({ header, claims: claimsFor(who.subject) }));
    expect(answer.status).toBe(400);
    expect(await isOpen(who.sessionId)).toBe(true);
    expect((await refusals()).slice(before)).toEqual(["logout_token_invalid"]);
  });

  test("many times from a stranger, the portal does not ask the provider for its keys each time", async () => {
    const stranger = () => provider.sign({ header: { ...header, kid: newId() }, claims: claimsFor(newId()) });
    await send(stranger());
    provider.front.requests.length = 0;
    for (let count = 0; count < 5; count += 1) expect((await send(stranger())).status).toBe(400);
    expect(provider.front.requests).toEqual([]);
  });

  test("in another form than a form's is refused", async () => {
    expect((await send("x", "application/json")).status).toBe(415);
  });
});

describe("asking again", () => {
  test("is due within a quarter of an hour, and keeps who is still known, with new tokens", async () => {
    const who = await signedOn();
    const [job] = await database().select().from(jobs).where(eq(jobs.key, who.loginId));
    const minutes = (job!.runAt.getTime() - Date.now()) / 60_000;
    expect(minutes).toBeGreaterThan(12);
    expect(minutes).toBeLessThan(15);
    const before = await loginOf(who.loginId);
    await check();
    const after = await loginOf(who.loginId);
    expect(after.confirmedAt.getTime()).toBeGreaterThan(before.confirmedAt.getTime());
    expect(after.tokens).not.toEqual(before.tokens);
    expect(await isOpen(who.sessionId)).toBe(true);
    const [next] = await database().select().from(jobs).where(eq(jobs.key, who.loginId));
    expect((next!.runAt.getTime() - Date.now()) / 60_000).toBeLessThan(15);
  });

  test("ends whom the provider no longer knows, in all browsers", async () => {
    const who = await signedOn();
    const second = await sessionBySignOn();
    await provider.forget(who.subject);
    await check();
    expect([await isOpen(who.sessionId), await isOpen(second.sessionId)]).toEqual([false, false]);
    expect((await endsOf(who.email)).map(({ endedBy }) => endedBy)).toEqual(["dismissed", "dismissed"]);
    expect(await database().$count(jobs, eq(jobs.key, who.loginId))).toBe(0);
  });

  test("follows the claims: another role, then none", async () => {
    const who = await signedOn();
    provider.people.known.set(who.subject, attributes(who.email, ["custodia-dpo"]));
    await check();
    expect((await resolveSession(who.sessionId))!.actor.role).toBe("dpo");
    provider.people.known.set(who.subject, attributes(who.email, []));
    await check();
    expect(await isOpen(who.sessionId)).toBe(false);
    expect(await endsOf(who.email)).toEqual([{ endedBy: "no_rule", sessionsEnded: 1 }]);
    expect(await userOf(who.email)).toMatchObject({ active: true, role: "dpo" });
  });

  test("ends who had only a row that was removed", async () => {
    const who = await signedOn();
    const { rules } = await readSingleSignOn(operator(), {});
    await removeRule(operator(), { ruleId: rules.find(({ value }) => value === "custodia-auditor")!.id });
    await check();
    expect(await isOpen(who.sessionId)).toBe(false);
    await usualRules();
  });

  test("ends nobody while the provider is away or takes the client for another, and health says so", async () => {
    const who = await signedOn();
    provider.front.isAway = true;
    expect(await check()).toMatchObject({ sign_on_check: { failed: 1 } });
    expect(await isOpen(who.sessionId)).toBe(true);
    expect((await readHealth()).status === "ok" || !JSON.stringify(await readHealth()).includes("sign_on")).toBe(true);
    await database()
      .update(ssoLogins)
      .set({ confirmedAt: sql`now() - interval '31 minutes'` })
      .where(eq(ssoLogins.id, who.loginId));
    expect(JSON.stringify(await readHealth())).toContain("sign_on_unconfirmed");
    provider.restore();
    await check();
    expect(await isOpen(who.sessionId)).toBe(true);
    expect(JSON.stringify(await readHealth())).not.toContain("sign_on_unconfirmed");
  });

  test("stops with the last session, and erases the tokens", async () => {
    const who = await signedOn();
    const context = { ...operator(), actor: (await resolveSession(who.sessionId))!.actor };
    await endSession(context, {});
    await database()
      .update(ssoLogins)
      .set({ createdAt: sql`now() - interval '6 minutes'` })
      .where(eq(ssoLogins.id, who.loginId));
    await check();
    expect(await loginOf(who.loginId)).toMatchObject({ tokens: null });
    expect((await loginOf(who.loginId)).endedAt).not.toBeNull();
    expect(await database().$count(jobs, eq(jobs.key, who.loginId))).toBe(0);
  });

  test("is enqueued again if the job was lost", async () => {
    const who = await signedOn();
    await database().delete(jobs).where(eq(jobs.key, who.loginId));
    await enqueueSignOnChecks(jobContext("single-sign-on"), {});
    expect(await database().$count(jobs, eq(jobs.key, who.loginId))).toBe(0);
    await database()
      .update(ssoLogins)
      .set({ confirmedAt: sql`now() - interval '15 minutes'` })
      .where(eq(ssoLogins.id, who.loginId));
    await enqueueSignOnChecks(jobContext("single-sign-on"), {});
    expect(await database().$count(jobs, eq(jobs.key, who.loginId))).toBe(1);
  });

  test("by a process that dies after the provider answered ends that sign-in: nobody stays unasked", async () => {
    const who = await signedOn();
    const login = (await readLogin(jobContext("single-sign-on"), { loginId: who.loginId }))!;
    // As after kill -9: the provider has renewed the tokens, and nothing was written.
    expect((await askAgain(login)).state).toBe("known");
    await check();
    expect(await isOpen(who.sessionId)).toBe(false);
    await sessionBySignOn(who.browser);
  });

  test("by two runners at once asks once, and ends nobody who is known", async () => {
    const who = await signedOn();
    const asked = () => provider.front.requests.filter((path) => path === "/token").length;
    const before = asked();
    await jobsTurnComes();
    await Promise.all([workOff("sign_on_check"), workOff("sign_on_check")]);
    expect(asked()).toBe(before + 1);
    expect(await isOpen(who.sessionId)).toBe(true);
  });

  test("by two processes that both believe to hold the job ends the sign-in at most once", async () => {
    const who = await signedOn();
    const run = () =>
      signOnCheckJob.run({
        payload: { loginId: who.loginId },
        lease: { jobId: newId(), attempt: 1 },
        createdAt: new Date(),
        lastError: null,
        signal: new AbortController().signal,
      });
    await Promise.all([run(), run()]);
    // The provider takes the second use of a token for a theft and ends its session: the person signs in again.
    const ends = await endsOf(who.email);
    expect(ends.length).toBeLessThanOrEqual(1);
    expect(await isOpen(who.sessionId)).toBe(ends.length === 0);
  });
});
