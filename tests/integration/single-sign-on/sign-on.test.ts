import { and, eq } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { database } from "@/lib/db/client";
import { auditEvents, sessions, singleSignOn, ssoIdentities, ssoLogins, ssoTries, users } from "@/lib/db/schema";
import { resolveSession } from "@/lib/access/sign-in/session-user";
import { newId } from "@/lib/core/new-id";
import { account, unit } from "../../support/people";
import { portalWithProvider, refusals, rule, sessionBySignOn, userOf, usualRules } from "../../support/sign-on";
import { SignOnBrowser } from "../../support/sign-on-browser";

const provider = await portalWithProvider();
afterAll(() => provider.close());
beforeAll(usualRules);
beforeEach(() => provider.restore());

/** A person of the provider whom the portal does not know. */
function newcomer(attributes: Record<string, unknown> = {}): { email: string; subject: string } {
  const subject = newId();
  const email = `${subject}@empresa.example`;
  const usual = { email, email_verified: true, name: "Ana Prado", roles: ["custodia-auditor"] };
  provider.person(subject, { ...usual, ...attributes });
  return { email, subject };
}

describe("the first sign-in", () => {
  test("creates the person with the role of the claims, and ends in a session by a ticket", async () => {
    const { email } = newcomer();
    const { sessionId, browser } = await sessionBySignOn();
    const user = await userOf(email);
    expect(user).toMatchObject({ name: "Ana Prado", role: "auditor", ssoOnly: true, active: true });
    expect((await resolveSession(sessionId))!.actor).toMatchObject({ userId: user!.id, role: "auditor" });
    const [session] = await database().select().from(sessions).where(eq(sessions.id, sessionId));
    expect(session!.methods).toEqual(["sso"]);
    const events = await database().select().from(auditEvents).where(eq(auditEvents.targetId, user!.id));
    expect(events.map(({ action }) => action).sort()).toEqual([
      "session.started",
      "single_sign_on.linked",
      "user.created",
    ]);
    expect(JSON.stringify(events.map(({ details }) => details))).not.toContain("empresa.example");
    // The cookie of the try is gone, and no address had the ticket.
    expect(browser.portal["custodia-sign-on-try"]).toBeUndefined();
  });

  test("comes back to the page that it came for, and never to another site", async () => {
    newcomer();
    const back = async (to: string) => {
      const { location } = await new SignOnBrowser().signOn(`?next=${encodeURIComponent(to)}`);
      return new URL(location!).searchParams.get("next");
    };
    expect(await back("/recordings?state=stored")).toBe("/recordings?state=stored");
    for (const foreign of [
      "https://evil.example",
      "//evil.example/x",
      "/\\evil.example",
      "/.//evil.example",
      "javascript:x",
    ])
      expect(await back(foreign)).toBe("/");
  });

  test("keeps no secret and no subject in clear", async () => {
    const { subject } = newcomer();
    await sessionBySignOn();
    const tables = [ssoIdentities, ssoLogins, ssoTries];
    const rows = await Promise.all(tables.map((table) => database().select().from(table)));
    const values = rows.flat().flatMap((row) => Object.values(row));
    const texts = values.map((value) => (Buffer.isBuffer(value) ? value.toString("latin1") : String(value)));
    expect(texts.length).toBeGreaterThan(10);
    for (const clear of [subject, "verifier", "refreshToken"]) expect(texts.join("\n")).not.toContain(clear);
  });

  test("is one account, also of two browsers at once", async () => {
    const { email } = newcomer();
    const browsers = [new SignOnBrowser(), new SignOnBrowser()];
    const answers = await Promise.all(browsers.map(async (browser) => browser.visit(await browser.start())));
    const ended = await Promise.all(browsers.map((browser, index) => browser.answer(answers[index]!)));
    expect(ended.map(({ refused }) => refused)).toEqual([null, null]);
    expect(await database().$count(users, eq(users.email, email))).toBe(1);
  });

  test.each([
    ["not verified", { email_verified: false }],
    ["not said to be verified", { email_verified: undefined }],
    ["no e-mail", { email: undefined }],
    ["what is none", { email: "ana" }],
  ])("needs an e-mail that the issuer verified: %s", async (_, attributes) => {
    const before = await database().$count(users);
    newcomer(attributes);
    expect((await new SignOnBrowser().signOn()).refused).toBe("email_unverified");
    expect(await database().$count(users)).toBe(before);
    expect(await refusals()).toContain("email_unverified");
  });
});

describe("the table from claims to roles", () => {
  test("refuses whom no row matches, and creates nothing", async () => {
    const { email } = newcomer({ roles: ["custodia-administrador", "CUSTODIA-AUDITOR"] });
    expect((await new SignOnBrowser().signOn()).refused).toBe("no_rule");
    expect(await userOf(email)).toBeUndefined();
  });

  test.each([
    ["one value", { roles: "custodia-dpo" }, "dpo"],
    ["one of a list", { roles: ["x", "custodia-dpo"] }, "dpo"],
    ["the strongest of several", { roles: ["custodia-auditor", "custodia-dpo"] }, "dpo"],
    ["administrator before all", { roles: ["custodia-dpo", "custodia-admin"] }, "admin"],
  ])("%s", async (_, attributes, role) => {
    const { email } = newcomer(attributes);
    await sessionBySignOn();
    expect(await userOf(email)).toMatchObject({ role });
  });

  test("gives a supervisor the units of all matching rows, by a path of names too", async () => {
    const [first, second, other] = [await unit(), await unit(), await unit()];
    await rule("sac", "supervisor", [first.unitId], "realm_access.roles");
    await rule("vendas", "supervisor", [second.unitId], "groups");
    await rule("cobranca", "supervisor", [other.unitId], "groups");
    newcomer({ roles: [], groups: ["vendas"], realm_access: { roles: ["sac"] } });
    const { sessionId } = await sessionBySignOn();
    const { actor } = (await resolveSession(sessionId))!;
    expect(actor.role).toBe("supervisor");
    expect([...actor.unitIds].sort()).toEqual([first.unitId, second.unitId].sort());
  });

  test("is read again at each sign-in, and each change is one event", async () => {
    const { email, subject } = newcomer();
    await sessionBySignOn();
    const { id } = (await userOf(email))!;
    const changes = () =>
      database().$count(auditEvents, and(eq(auditEvents.targetId, id), eq(auditEvents.action, "user.updated")));
    await sessionBySignOn();
    expect(await changes()).toBe(0);
    provider.person(subject, { email, email_verified: true, name: "Ana Prado", roles: ["custodia-dpo"] });
    await sessionBySignOn();
    await sessionBySignOn();
    expect(await userOf(email)).toMatchObject({ role: "dpo" });
    expect(await changes()).toBe(1);
  });

  test("never takes the role of the last administrator", async () => {
    await database().update(users).set({ active: false }).where(eq(users.role, "admin"));
    const { email, subject } = newcomer({ roles: ["custodia-admin"] });
    await sessionBySignOn();
    provider.person(subject, { email, email_verified: true, roles: ["custodia-auditor"] });
    await sessionBySignOn();
    const user = (await userOf(email))!;
    expect(user.role).toBe("admin");
    const kept = and(eq(auditEvents.targetId, user.id), eq(auditEvents.action, "single_sign_on.role_kept"));
    expect(await database().$count(auditEvents, kept)).toBe(1);
    const [settings] = await database().select().from(singleSignOn);
    expect(settings).toMatchObject({ provenIssuer: provider.issuer });
  });
});

test("who was deactivated stays out", async () => {
  const { email } = newcomer();
  await sessionBySignOn();
  await database().update(users).set({ active: false }).where(eq(users.email, email));
  expect((await new SignOnBrowser().signOn()).refused).toBe("account_inactive");
});

test("an existing account is not taken over", async () => {
  const { userId, email } = await account("auditor");
  newcomer({ email });
  expect((await new SignOnBrowser().signOn()).refused).toBe("account_exists");
  expect(await database().$count(ssoIdentities, eq(ssoIdentities.userId, userId))).toBe(0);
});
