import { eq } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { changeBreakGlass } from "@/lib/access/single-sign-on/settings/change-break-glass";
import { changeLocalSignIn } from "@/lib/access/single-sign-on/settings/change-local-sign-in";
import { readPasswordLink } from "@/lib/access/passwords/read-password-link";
import { requestPasswordReset } from "@/lib/access/passwords/request-password-reset";
import { setPasswordByLink } from "@/lib/access/passwords/set-password-by-link";
import { readSingleSignOn } from "@/lib/access/single-sign-on/settings/read-single-sign-on";
import { previewClaims } from "@/lib/access/single-sign-on/settings/preview-claims";
import { allowLink } from "@/lib/access/single-sign-on/people/allow-link";
import { issueSignInTicket } from "@/lib/access/sign-in/sign-in-ticket";
import { startSession } from "@/lib/access/sign-in/start-session";
import { startSessionByTicket } from "@/lib/access/sign-in/start-session-by-ticket";
import { resetUserPassword } from "@/lib/access/users/reset-user-password";
import { deactivateUser } from "@/lib/access/users/deactivate-user";
import { readUser } from "@/lib/access/users/read-user";
import { updateUser } from "@/lib/access/users/update-user";
import { database } from "@/lib/db/client";
import { singleSignOn, users } from "@/lib/db/schema";
import { newId } from "@/lib/core/new-id";
import { eventsOf, expectRefusal } from "../../support/actors";
import { account, anonymous, knownPassword, operator, type Account } from "../../support/people";
import { workOff } from "../../support/background-jobs";
import { accountMessages, mailedToken } from "../../support/password-links";
import { runCommand } from "../../support/run-command";
import { portalWithProvider, rule, sessionBySignOn, usualRules } from "../../support/sign-on";
import { SignOnBrowser } from "../../support/sign-on-browser";

const provider = await portalWithProvider();
afterAll(() => provider.close());
beforeAll(usualRules);

const password = (who: Account) => startSession(anonymous(), { email: who.email, password: knownPassword });
const off = () => changeLocalSignIn(operator(), { enabled: "false" });
const glass = (userId: string, enabled: "true" | "false" = "true") => changeBreakGlass(operator(), { userId, enabled });

const useLink = (token: string) => {
  const newPassword = "ladrilho-hidraulico-9";
  return setPasswordByLink(anonymous(), { token, newPassword, repeatedPassword: newPassword });
};

/** A link that a person got while local sign-in was on. */
async function linkTo({ userId }: Account): Promise<string> {
  await changeLocalSignIn(operator(), { enabled: "true" });
  await resetUserPassword(operator(), { userId });
  await off();
  return mailedToken(userId, "password_reset");
}

const administratorSignsOn = (subject = newId()) => {
  const email = `${subject}@empresa.example`;
  provider.person(subject, { email, email_verified: true, name: "Ada", roles: ["custodia-admin"] });
  return sessionBySignOn();
};

beforeEach(async () => {
  await database().update(singleSignOn).set({ localSignIn: true, provenIssuer: null, provenAt: null });
  await database().update(users).set({ breakGlass: false });
});

describe("local sign-in goes off", () => {
  test("only once an administrator came by single sign-on, and somebody has emergency access", async () => {
    await expectRefusal(off(), "sign_on_unproved");
    expect((await readSingleSignOn(operator(), {})).missing).toEqual(["proof", "breakGlass"]);
    await administratorSignsOn();
    await expectRefusal(off(), "break_glass_needed");
    await glass((await account("admin")).userId);
    const context = operator();
    await changeLocalSignIn(context, { enabled: "false" });
    expect(await eventsOf(context)).toMatchObject([
      { action: "single_sign_on.local_sign_in_changed", details: { enabled: false } },
    ]);
    expect(await readSingleSignOn(operator(), {})).toMatchObject({ isLocalSignInOff: true, missing: [] });
  });

  test("not by somebody else's sign-on, nor by another issuer's", async () => {
    const subject = newId();
    const email = `${subject}@empresa.example`;
    provider.person(subject, { email, email_verified: true, name: "Ana", roles: ["custodia-auditor"] });
    await sessionBySignOn();
    await glass((await account("admin")).userId);
    await expectRefusal(off(), "sign_on_unproved");
    await database().update(singleSignOn).set({ provenIssuer: "https://outro.example" });
    await expectRefusal(off(), "sign_on_unproved");
  });
});

describe("emergency access", () => {
  test.each<[string, () => Promise<Account>]>([
    ["who is no administrator", () => account("dpo")],
    ["with a temporary password", () => account("admin", [], { mustChangePassword: true })],
    ["who is not active", () => account("admin", [], { active: false })],
    ["who signs in at the provider only", () => account("admin", [], { ssoOnly: true })],
  ])("is not for somebody %s", async (_, make) => {
    await expectRefusal(glass((await make()).userId), "break_glass_unfit");
  });

  test("is never linked to the provider", async () => {
    const who = await account("admin");
    await glass(who.userId);
    await expectRefusal(allowLink(operator(), { userId: who.userId }), "break_glass_unfit");
    provider.person(newId(), { email: who.email, email_verified: true, name: "Ada", roles: ["custodia-admin"] });
    expect((await new SignOnBrowser().signOn()).refused).toBe("account_break_glass");
  });

  test("is not taken from the last one while local sign-in is off", async () => {
    await administratorSignsOn();
    const who = await account("admin");
    await glass(who.userId);
    await off();
    await expectRefusal(glass(who.userId, "false"), "break_glass_needed");
    await expectRefusal(deactivateUser(operator(), { userId: who.userId }), "break_glass_needed");
    const { version, name } = await readUser(operator(), { userId: who.userId });
    const change = { userId: who.userId, version, name, role: "auditor" as const, unitIds: [] };
    await expectRefusal(updateUser(operator(), change), "break_glass_needed");
    await glass((await account("admin")).userId);
    await glass(who.userId, "false");
  });
});

describe("with local sign-in off", () => {
  let emergency: Account;
  let usual: Account;
  beforeEach(async () => {
    await administratorSignsOn();
    emergency = await account("admin");
    usual = await account("auditor");
    await glass(emergency.userId);
    await off();
  });

  test("passwords sign nobody in but emergency access", async () => {
    const context = anonymous();
    await expectRefusal(startSession(context, { email: usual.email, password: knownPassword }), "local_sign_in_off");
    expect(await eventsOf(context)).toMatchObject([{ action: "session.start_failed", outcome: "denied" }]);
    await expectRefusal(password(emergency), "second_step_needed");
    await expectRefusal(startSession(anonymous(), { email: usual.email, password: "outra" }), "invalid_credentials");
  });

  test("no ticket that came without the provider does, either", async () => {
    const ticket = ({ userId }: Account) =>
      database().transaction((tx) => issueSignInTicket(tx, { userId, methods: ["passkey"] }));
    await expectRefusal(startSessionByTicket(anonymous(), { token: await ticket(usual) }), "local_sign_in_off");
    await startSessionByTicket(anonymous(), { token: await ticket(emergency) });
  });

  test("nobody but emergency access gets or uses a link for a password", async () => {
    const mailedBefore = await linkTo(usual);
    for (const who of [usual, emergency]) await requestPasswordReset(anonymous(), { email: who.email });
    await workOff("account_mail");
    expect(await accountMessages(usual.userId)).toHaveLength(1);
    await expectRefusal(readPasswordLink(anonymous(), { token: mailedBefore }), "link_unusable");
    await expectRefusal(useLink(mailedBefore), "link_unusable");
    await useLink(await mailedToken(emergency.userId, "password_reset"));
    await expectRefusal(resetUserPassword(operator(), { userId: usual.userId }), "local_sign_in_off");
  });

  test("the provider still does", async () => {
    expect((await administratorSignsOn()).sessionId).toBeDefined();
  });

  test("a command switches it on again", async () => {
    const command = () => runCommand("scripts/users.ts", ["local-sign-in", "on"]);
    expect((await command()).stdout).toBe("Local sign-in is on.\n");
    expect((await command()).stdout).toBe("Local sign-in was on already.\n");
    expect((await password(usual)).userId).toBe(usual.userId);
    expect((await runCommand("scripts/users.ts", ["local-sign-in", "off"])).code).toBe(1);
  });
});

describe("the table of roles", () => {
  test("refuses a row twice, and supervisors without units", async () => {
    const value = newId();
    await rule(value, "auditor");
    await expectRefusal(rule(value, "auditor"), "rule_exists");
    await expectRefusal(rule(newId(), "supervisor"), "invalid_input", { unitIds: "units_required" });
    await expectRefusal(rule("a\u202eb", "auditor"), "invalid_input", { value: "invalid_format" });
  });

  test.each([
    ["lines", "roles: x\nroles: custodia-dpo\nname: Ana", "dpo"],
    ["an object", '{"roles":["custodia-auditor"]}', "auditor"],
    ["nothing that matches", "roles: outro", undefined],
  ])("tells what a person would get: %s", async (_, claims, role) => {
    const { granted } = await previewClaims(operator(), { claims });
    expect(granted?.role).toBe(role);
  });

  test("says what cannot be read", async () => {
    for (const claims of ["{", "só texto", ""])
      await expectRefusal(previewClaims(operator(), { claims }), "invalid_input", { claims: "claims_unreadable" });
  });
});

test("without a provider in the settings passwords sign in, whatever was decided", async () => {
  await database().update(singleSignOn).set({ localSignIn: false }).where(eq(singleSignOn.name, "settings"));
  const command = `import("@/lib/access/sign-in/local-sign-in").then(async (m) => {
    console.log(await m.isLocalSignInOff((await import("@/lib/db/client")).database()));
    await (await import("@/lib/db/client")).closeDatabase();
  });`;
  const ran = await runCommand("--input-type=module", ["-e", command], {
    SSO_ISSUER: "",
    SSO_CLIENT_ID: "",
    SSO_CLIENT_SECRET: "",
  });
  expect(ran.stdout).toBe("false\n");
});
