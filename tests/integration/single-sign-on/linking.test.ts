import { eq } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { allowLink } from "@/lib/access/single-sign-on/people/allow-link";
import { unlinkPerson } from "@/lib/access/single-sign-on/people/unlink-person";
import { changeLinking } from "@/lib/access/single-sign-on/settings/change-linking";
import { resolveSession } from "@/lib/access/sign-in/session-user";
import { resetUserPassword } from "@/lib/access/users/reset-user-password";
import { readUser } from "@/lib/access/users/read-user";
import { database } from "@/lib/db/client";
import { ssoIdentities, users } from "@/lib/db/schema";
import { newId } from "@/lib/core/new-id";
import { sql } from "drizzle-orm";
import { expectRefusal } from "../../support/actors";
import { account, operator, signIn } from "../../support/people";
import { portalWithProvider, sessionBySignOn, userOf, usualRules } from "../../support/sign-on";
import { SignOnBrowser } from "../../support/sign-on-browser";

const provider = await portalWithProvider();
afterAll(() => provider.close());
beforeAll(usualRules);

const atProvider = (email: string, role = "auditor", subject = newId()) =>
  provider.person(subject, { email, email_verified: true, name: "Ana", roles: [`custodia-${role}`] });

const identities = (userId: string) => database().$count(ssoIdentities, eq(ssoIdentities.userId, userId));
const refused = async () => (await new SignOnBrowser().signOn()).refused;

describe("an existing account", () => {
  test("is linked by its verified e-mail once an administrator allowed that for the issuer", async () => {
    const { userId, email } = await account("auditor");
    atProvider(email.toUpperCase());
    expect(await refused()).toBe("account_exists");
    await changeLinking(operator(), { allowed: "true" });
    const { sessionId } = await sessionBySignOn();
    expect((await resolveSession(sessionId))!.actor.userId).toBe(userId);
    expect(await readUser(operator(), { userId })).toMatchObject({ signsInAt: "both" });
  });

  test.each(["admin", "dpo"] as const)(
    "of the role %s is linked for itself alone, within a day, once",
    async (role) => {
      await changeLinking(operator(), { allowed: "true" });
      const { userId, email } = await account(role);
      atProvider(email, role);
      expect(await refused()).toBe("account_exists");
      await allowLink(operator(), { userId });
      await database()
        .update(users)
        .set({ ssoLinkUntil: sql`now() - interval '1 second'` })
        .where(eq(users.id, userId));
      expect(await refused()).toBe("account_exists");
      await allowLink(operator(), { userId });
      // Who has a second factor here is then asked for it: `second-step.test.ts`.
      await expect(sessionBySignOn()).rejects.toThrow("second_step_needed");
      expect(await identities(userId)).toBe(1);
      // Another subject with the same e-mail is not let in to it.
      atProvider(email, role);
      expect(await refused()).toBe("account_exists");
    },
  );

  test("with another issuer's permission is not linked", async () => {
    await database().execute(sql`update single_sign_on set linking_issuer = 'https://outro.example'`);
    const { email } = await account("auditor");
    atProvider(email);
    expect(await refused()).toBe("account_exists");
  });

  test("of nobody active is not linked", async () => {
    await changeLinking(operator(), { allowed: "true" });
    const { email } = await account("auditor", [], { active: false });
    atProvider(email);
    expect(await refused()).toBe("account_inactive");
  });

  test("loses a temporary password that nobody changed", async () => {
    const { email, userId } = await account("auditor", [], { mustChangePassword: true });
    const before = (await userOf(email))!.passwordHash;
    const limited = await signIn({ email, userId });
    atProvider(email);
    await sessionBySignOn();
    expect(await resolveSession(limited.sessionId)).toBeNull();
    const after = (await userOf(email))!;
    expect(after).toMatchObject({ ssoOnly: true, mustChangePassword: false });
    expect(after.passwordHash).not.toBe(before);
  });
});

describe("unlinking", () => {
  test("ends the sessions of single sign-on, and the next sign-in is not that account's", async () => {
    const email = `${newId()}@empresa.example`;
    atProvider(email);
    const { sessionId } = await sessionBySignOn();
    const { id: userId } = (await userOf(email))!;
    await expectRefusal(resetUserPassword(operator(), { userId }), "sso_only");
    await changeLinking(operator(), { allowed: "false" });
    await unlinkPerson(operator(), { userId });
    expect(await resolveSession(sessionId)).toBeNull();
    expect(await refused()).toBe("account_exists");
    const { temporaryPassword } = await resetUserPassword(operator(), { userId, access: "temporary_password" });
    expect(temporaryPassword).toMatch(/^[\w-]{19}$/);
    expect(await readUser(operator(), { userId })).toMatchObject({ signsInAt: "portal" });
  });

  test("does not lock the last administrator out", async () => {
    await database().update(users).set({ active: false }).where(eq(users.role, "admin"));
    const email = `${newId()}@empresa.example`;
    atProvider(email, "admin");
    await sessionBySignOn();
    const { id: userId } = (await userOf(email))!;
    await expectRefusal(unlinkPerson(operator(), { userId }), "last_admin");
  });
});
