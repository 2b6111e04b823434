import { eq } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { completeSecondStep } from "@/lib/access/second-factor/complete-second-step";
import { resolveSession } from "@/lib/access/sign-in/session-user";
import { startSessionByTicket } from "@/lib/access/sign-in/start-session-by-ticket";
import { newId } from "@/lib/core/new-id";
import { database } from "@/lib/db/client";
import { auditEvents, sessions, signInChallenges, ssoLogins, type SignInMethod } from "@/lib/db/schema";
import { contextOf, expectRefusal } from "../../support/actors";
import { codeOf, giveSecondFactor, makeProofStale } from "../../support/second-factor";
import { portalWithProvider, refusals, sessionBySignOn, userOf, usualRules } from "../../support/sign-on";
import { SignOnBrowser } from "../../support/sign-on-browser";

process.env.SSO_MFA_ACR = "gold urn:example:two";
const provider = await portalWithProvider();
afterAll(() => provider.close());
beforeAll(usualRules);
beforeEach(() => provider.restore());

const anonymous = () => contextOf({ type: "anonymous" });

/** What the ID token says of the sign-in. */
const says = (claims: Record<string, unknown>) => {
  provider.front.alterIdToken = (jwt) => ({ ...jwt, claims: { ...jwt.claims, ...claims } });
};

/** A DPO who signed in at the provider before. */
async function knownPerson({ withFactor }: { withFactor: boolean }) {
  const subject = newId();
  const email = `${subject}@empresa.example`;
  provider.person(subject, { email, email_verified: true, name: "Ana Prado", roles: ["custodia-dpo"] });
  await sessionBySignOn();
  const user = (await userOf(email))!;
  if (withFactor) await giveSecondFactor(user.id);
  return user;
}

async function signOn() {
  const browser = new SignOnBrowser();
  expect((await browser.signOn()).refused).toBeNull();
  const { error } = await browser.handOver();
  const [code, challenge, factors] = (error ?? "none").split(":");
  return { code, challenge: challenge!, factors };
}

const sessionsOf = (userId: string) => database().$count(sessions, eq(sessions.userId, userId));

describe("a second factor of the portal, after a sign-in at the provider", () => {
  test("is asked for; the code starts the session, which depends on the provider's", async () => {
    const user = await knownPerson({ withFactor: true });
    const before = await sessionsOf(user.id);
    const { code, challenge, factors } = await signOn();
    expect([code, factors, await sessionsOf(user.id)]).toEqual(["second_step_needed", "totp", before]);
    const { ticket } = await completeSecondStep(anonymous(), { challenge, method: "totp", code: await codeOf() });
    const { sessionId } = await startSessionByTicket(anonymous(), { token: ticket });
    const [session] = await database().select().from(sessions).where(eq(sessions.id, sessionId));
    expect(session!.methods).toEqual(["sso", "totp"] satisfies SignInMethod[]);
    expect(session!.ssoLoginId).not.toBeNull();
    const asked = await database().select().from(auditEvents).where(eq(auditEvents.targetId, user.id));
    expect(asked.map(({ action }) => action)).toContain("session.second_step_asked");
  });

  test("a wrong code starts nothing, and the used ticket asks no second time", async () => {
    const user = await knownPerson({ withFactor: true });
    const browser = new SignOnBrowser();
    await browser.signOn();
    const { error } = await browser.handOver();
    const challenge = error!.split(":")[1]!;
    const before = await sessionsOf(user.id);
    await expectRefusal(completeSecondStep(anonymous(), { challenge, method: "totp", code: "000000" }), "wrong_code");
    expect((await browser.handOver()).error).toBe("sign_in_expired");
    expect(await sessionsOf(user.id)).toBe(before);
  });

  test("does not let in whom the provider has signed out meanwhile", async () => {
    const user = await knownPerson({ withFactor: true });
    const { challenge } = await signOn();
    const [waiting] = await database()
      .select({ loginId: signInChallenges.ssoLoginId })
      .from(signInChallenges)
      .where(eq(signInChallenges.userId, user.id));
    await database()
      .update(ssoLogins)
      .set({ endedAt: new Date(), tokens: null })
      .where(eq(ssoLogins.id, waiting!.loginId!));
    const { ticket } = await completeSecondStep(anonymous(), { challenge, method: "totp", code: await codeOf() });
    await expectRefusal(startSessionByTicket(anonymous(), { token: ticket }), "sign_in_expired");
  });

  test.each([
    ["mfa in amr", { amr: ["pwd", "mfa"] }],
    ["an acr of the settings", { acr: "urn:example:two" }],
  ])("is not asked for, and need not be set up, where the provider says %s", async (_, claims) => {
    const [withFactor, without] = [await knownPerson({ withFactor: true }), await knownPerson({ withFactor: false })];
    says(claims);
    for (const user of [withFactor, without]) {
      provider.people.current = user.email.split("@")[0]!;
      const { sessionId } = await sessionBySignOn();
      const resolved = await resolveSession(sessionId);
      expect([resolved?.actor.userId, resolved?.actor.mustEnrolSecondFactor]).toEqual([user.id, false]);
      const [session] = await database().select().from(sessions).where(eq(sessions.id, sessionId));
      expect(session!.methods).toEqual(["sso_mfa"]);
    }
  });

  test.each([
    ["one factor", { amr: ["pwd"], acr: "silver" }],
    ["an amr that is no list", { amr: "mfa" }],
    ["an acr beside others", { acr: ["gold"] }],
    ["nothing", {}],
  ])("is asked for, and must be set up, where the provider says %s", async (_, claims) => {
    await knownPerson({ withFactor: true });
    says(claims);
    expect((await signOn()).code).toBe("second_step_needed");
    await knownPerson({ withFactor: false });
    const { sessionId } = await sessionBySignOn();
    expect((await resolveSession(sessionId))?.actor.mustEnrolSecondFactor).toBe(true);
  });

  test("a fresh proof at the provider needs several factors there of who has a factor here", async () => {
    const user = await knownPerson({ withFactor: true });
    says({ amr: ["mfa"] });
    const { browser, sessionId } = await sessionBySignOn();
    const isFresh = async () => (await resolveSession(sessionId))!.actor.hasFreshProof;
    await makeProofStale(sessionId);
    says({ amr: ["pwd"] });
    expect((await browser.prove()).refused).toBe("proof_one_factor");
    expect([await isFresh(), (await refusals()).at(-1)]).toEqual([false, "proof_one_factor"]);
    says({ amr: ["pwd", "mfa"] });
    expect((await browser.prove()).refused).toBeNull();
    expect(await isFresh()).toBe(true);
    const given = await database().select().from(auditEvents).where(eq(auditEvents.targetId, user.id));
    expect(given.at(-1)).toMatchObject({ action: "second_factor.proof_given", details: { signInMethod: "sso_mfa" } });
  });

  test("userinfo, which says nothing of a sign-in, proves no factors", async () => {
    await knownPerson({ withFactor: true });
    provider.front.alterUserinfo = (claims) => ({ ...claims, amr: ["mfa"], acr: "gold" });
    expect((await signOn()).code).toBe("second_step_needed");
  });
});
