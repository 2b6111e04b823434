import { eq } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { endOwnSession } from "@/lib/access/sessions/end-own-session";
import { resolveSession } from "@/lib/access/sign-in/session-user";
import { sessionCookieName } from "@/lib/http/session/session-cookie";
import { database } from "@/lib/db/client";
import { auditEvents, sessions, ssoTries } from "@/lib/db/schema";
import { newId } from "@/lib/core/new-id";
import { contextOf } from "../../support/actors";
import { makeProofStale } from "../../support/second-factor";
import { portalWithProvider, refusals, sessionBySignOn, usualRules } from "../../support/sign-on";
import { SignOnBrowser } from "../../support/sign-on-browser";

const provider = await portalWithProvider();
afterAll(() => provider.close());
beforeAll(usualRules);
beforeEach(() => provider.restore());

function employee(subject: string = newId()): string {
  const email = `${subject}@empresa.example`;
  provider.person(subject, { email, email_verified: true, name: "Ana Prado", roles: ["custodia-auditor"] });
  return subject;
}

/** Somebody who signed in at the provider more than ten minutes ago. */
async function signedOnBefore() {
  const subject = employee();
  const { browser, sessionId } = await sessionBySignOn();
  await makeProofStale(sessionId);
  return { subject, browser, sessionId };
}

const isFresh = async (sessionId: string) => (await resolveSession(sessionId))!.actor.hasFreshProof;

describe("a fresh proof at the provider", () => {
  test("is the person's who identifies again; it is recorded, and no other session begins", async () => {
    const { browser, sessionId } = await signedOnBefore();
    expect(await isFresh(sessionId)).toBe(false);
    const before = await database().$count(sessions);
    const address = await browser.start("", "/api/sso/prove");
    expect(new URL(address).searchParams.get("prompt")).toBe("login");
    const { location, refused } = await browser.answer(await browser.visit(address));
    expect([new URL(location!).pathname, refused]).toEqual(["/sign-in/proved", null]);
    expect(await isFresh(sessionId)).toBe(true);
    expect(await database().$count(sessions)).toBe(before);
    const [session] = await database().select().from(sessions).where(eq(sessions.id, sessionId));
    expect(session!.methods).toEqual(["sso"]);
    const given = await database().select().from(auditEvents).where(eq(auditEvents.targetId, session!.userId));
    expect(given.at(-1)).toMatchObject({ action: "second_factor.proof_given", details: { signInMethod: "sso" } });
  });

  test("is not given by another person of the company", async () => {
    const { browser, sessionId } = await signedOnBefore();
    employee();
    // Otherwise the provider signs the first person out, by a form that needs a browser.
    for (const name of Object.keys(browser.provider)) delete browser.provider[name];
    const { location, refused } = await browser.prove();
    expect([new URL(location!).pathname, refused]).toEqual(["/sign-in/proved", "proof_other_person"]);
    expect(await isFresh(sessionId)).toBe(false);
    expect((await refusals()).at(-1)).toBe("proof_other_person");
  });

  test("is of the session that asked for it, not of another one in the same browser", async () => {
    const { browser, sessionId } = await signedOnBefore();
    const asked = await browser.visit(await browser.start("", "/api/sso/prove"));
    const other = await sessionBySignOn();
    await makeProofStale(other.sessionId);
    browser.portal[sessionCookieName()] = other.browser.portal[sessionCookieName()]!;
    expect((await browser.answer(asked)).refused).toBe("proof_other_person");
    expect([await isFresh(sessionId), await isFresh(other.sessionId)]).toEqual([false, false]);
  });

  test("needs the provider to ask again, whatever it was told", async () => {
    const { browser, sessionId } = await signedOnBefore();
    provider.front.alterIdToken = (jwt) => ({
      ...jwt,
      claims: { ...jwt.claims, auth_time: Math.floor(Date.now() / 1000) - 3600 },
    });
    expect((await browser.prove()).refused).not.toBeNull();
    expect(await isFresh(sessionId)).toBe(false);
  });

  test("is not given twice by one answer, nor in a browser that did not ask", async () => {
    const { browser, sessionId } = await signedOnBefore();
    const asked = await browser.visit(await browser.start("", "/api/sso/prove"));
    const thief = new SignOnBrowser();
    thief.portal[sessionCookieName()] = browser.portal[sessionCookieName()]!;
    expect((await thief.answer(asked)).refused).toBe("try_unknown");
    const cookies = { ...browser.portal };
    expect((await browser.answer(asked)).refused).toBeNull();
    await makeProofStale(sessionId);
    Object.assign(browser.portal, cookies);
    expect((await browser.answer(asked)).refused).toBe("try_used");
    expect(await isFresh(sessionId)).toBe(false);
  });

  test("who has no session, or whose session has ended meanwhile, is led to the sign-in", async () => {
    const tries = await database().$count(ssoTries);
    expect(new URL(await new SignOnBrowser().start("", "/api/sso/prove")).pathname).toBe("/sign-in");
    expect(await database().$count(ssoTries)).toBe(tries);
    const { browser, sessionId } = await signedOnBefore();
    const asked = await browser.visit(await browser.start("", "/api/sso/prove"));
    await endOwnSession(contextOf((await resolveSession(sessionId))!.actor), { sessionId });
    expect(new URL((await browser.answer(asked)).location!).pathname).toBe("/sign-in");
  });
});
