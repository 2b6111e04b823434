import { inspect } from "node:util";
import { eq, sql } from "drizzle-orm";
import { beforeAll, describe, expect, test } from "vitest";
import { readPasswordLink } from "@/lib/access/passwords/read-password-link";
import { requestPasswordReset } from "@/lib/access/passwords/request-password-reset";
import { sendAccountMail } from "@/lib/access/passwords/send-account-mail";
import { setPasswordByLink } from "@/lib/access/passwords/set-password-by-link";
import { accountDigest } from "@/lib/access/sessions/account-mail";
import { startSession } from "@/lib/access/sign-in/start-session";
import { createUser } from "@/lib/access/users/create-user";
import { deactivateUser } from "@/lib/access/users/deactivate-user";
import { reactivateUser } from "@/lib/access/users/reactivate-user";
import { readUser } from "@/lib/access/users/read-user";
import { resetUserPassword } from "@/lib/access/users/reset-user-password";
import { sendInvitation } from "@/lib/access/users/send-invitation";
import { withdrawInvitation } from "@/lib/access/users/withdraw-invitation";
import { newId } from "@/lib/core/new-id";
import { database } from "@/lib/db/client";
import { auditEvents, jobs, knownDevices, messages, passwordLinks, signInThrottles, users } from "@/lib/db/schema";
import { contextOf, eventsOf, expectRefusal, isOpen, knownPassword, person, type Person } from "../../support/actors";
import { jobsTurnComes, workOff } from "../../support/background-jobs";
import { accountMessages, mailedToken } from "../../support/password-links";
import { anonymous, job } from "../../support/people";

const fresh = "ladrilho-hidraulico-9";
const unknownToken = "A".repeat(43);

let admin: Person;
beforeAll(async () => {
  admin = await person("admin");
  await person("admin");
});

const use = (token: string, newPassword = fresh, deviceToken: string | null = null) =>
  setPasswordByLink(anonymous(), { token, newPassword, repeatedPassword: newPassword, deviceToken });

const signIn = (email: string, password: string, deviceToken: string | null = null) =>
  startSession(anonymous(), { email, password, deviceToken });

/** Asks for a reset as the sign-in page does, and sends it. */
async function askFor(email: string): Promise<void> {
  await requestPasswordReset(anonymous(), { email });
  await workOff("account_mail");
}

async function resetToken(of: Person): Promise<string> {
  await askFor(of.email);
  return mailedToken(of.userId, "password_reset");
}

async function invite(email = `${newId()}@empresa.example`) {
  const made = await createUser(contextOf(admin.actor), { email, name: "Nova Pessoa", role: "auditor" });
  return { ...made, email, token: await mailedToken(made.userId, "invitation") };
}

const passes = (interval: string) =>
  database()
    .update(passwordLinks)
    .set({ expiresAt: sql`${passwordLinks.expiresAt} - ${interval}::interval` });

describe("a password reset by mail", () => {
  test("sets the password once, ends the sessions, tells the person, and starts no session", async () => {
    const auditor = await person("auditor");
    const token = await resetToken(auditor);
    expect(await readPasswordLink(anonymous(), { token })).toMatchObject({ purpose: "reset", email: auditor.email });
    const context = anonymous();
    await setPasswordByLink(context, { token, newPassword: fresh, repeatedPassword: fresh });
    expect(await eventsOf(context)).toMatchObject([
      { action: "account.password_reset", actorId: null, targetId: auditor.userId, details: { sessionsEnded: 1 } },
    ]);
    expect(await isOpen(auditor.actor.sessionId)).toBe(false);
    await expectRefusal(signIn(auditor.email, knownPassword), "invalid_credentials");
    await signIn(auditor.email, fresh);
    const told = await accountMessages(auditor.userId);
    expect(told.map(({ template }) => template)).toContain("password_changed");
    expect(told.every(({ recipient }) => recipient === auditor.email)).toBe(true);
    await expectRefusal(use(token), "link_unusable");
    await expectRefusal(readPasswordLink(anonymous(), { token }), "link_unusable");
  });

  test("of ten parallel uses one sets the password", async () => {
    const auditor = await person("auditor");
    const token = await resetToken(auditor);
    const uses = await Promise.allSettled(Array.from({ length: 10 }, (_, n) => use(token, `${fresh} ${n}`)));
    expect(uses.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    for (const one of uses) if (one.status === "rejected") expect(one.reason).toMatchObject({ code: "link_unusable" });
    const won = uses.findIndex(({ status }) => status === "fulfilled");
    await signIn(auditor.email, `${fresh} ${won}`);
  });

  test.each<[string, (of: Person, token: string) => Promise<unknown>]>([
    ["expired", () => passes("31 minutes")],
    ["replaced by a later one", ({ email }) => askFor(email)],
    [
      "of a deactivated person",
      async ({ userId }) => {
        await deactivateUser(contextOf(admin.actor), { userId });
      },
    ],
    [
      "of a person who was deactivated and came back",
      async ({ userId }) => {
        await deactivateUser(contextOf(admin.actor), { userId });
        await reactivateUser(contextOf(admin.actor), { userId });
      },
    ],
  ])("a link that is %s does nothing", async (_, end) => {
    const someone = await person("auditor");
    const token = await resetToken(someone);
    await end(someone, token);
    await expectRefusal(use(token), "link_unusable");
    await expectRefusal(readPasswordLink(anonymous(), { token }), "link_unusable");
  });

  test("refuses a weak password and an unknown token; the link stays usable", async () => {
    const auditor = await person("auditor");
    const token = await resetToken(auditor);
    await expectRefusal(use(token, "Brasil@2026!!"), "weak_password", { newPassword: "too_common" });
    await expectRefusal(use(unknownToken), "link_unusable");
    await expectRefusal(use("too-short"), "invalid_input");
    await use(token);
  });

  test("answers all e-mails alike; only an active person gets a link, three an hour", async () => {
    const [auditor, gone, company] = [await person("auditor"), await person("auditor"), await person("auditor")];
    await deactivateUser(contextOf(admin.actor), { userId: gone.userId });
    await database().update(users).set({ ssoOnly: true }).where(eq(users.id, company.userId));
    for (const email of [
      `${newId()}@nowhere.example`,
      gone.email,
      company.email,
      auditor.email,
      auditor.email,
      auditor.email,
      auditor.email,
    ])
      expect(await requestPasswordReset(anonymous(), { email })).toBeNull();
    await workOff("account_mail");
    for (const { userId } of [gone, company]) expect(await accountMessages(userId)).toEqual([]);
    expect(await accountMessages(auditor.userId)).toHaveLength(1);
    await workOff("account_mail");
    await requestPasswordReset(anonymous(), { email: auditor.email });
    expect((await workOff("account_mail")).account_mail?.done ?? 0).toBe(0);
  });

  test("an address that asks for many is told to wait", async () => {
    const context = { ...anonymous(), ipAddress: "203.0.113.9" };
    for (let times = 0; times < 20; times += 1)
      await requestPasswordReset(context, { email: `${newId()}@nowhere.example` });
    await expectRefusal(requestPasswordReset(context, { email: `${newId()}@nowhere.example` }), "too_many_requests");
    await requestPasswordReset({ ...context, ipAddress: "203.0.113.10" }, { email: `${newId()}@nowhere.example` });
  });

  test("a job that was killed after its commit sends no second link", async () => {
    const auditor = await person("auditor");
    const [{ now }] = (await database().execute(sql`select now() as now`)) as unknown as [{ now: string }];
    const again = { purpose: "reset" as const, account: accountDigest(auditor.email), requestedAt: new Date(now) };
    await sendAccountMail(job("account"), again);
    await sendAccountMail(job("account"), again);
    expect(await accountMessages(auditor.userId)).toHaveLength(1);
    await use(await mailedToken(auditor.userId, "password_reset"));
  });

  test("lets in whom strangers locked out, from the browser that used the link alone", async () => {
    const auditor = await person("auditor");
    for (let times = 0; times < 6; times += 1) await signIn(auditor.email, "errada").catch(() => undefined);
    await expectRefusal(signIn(auditor.email, knownPassword), "locked");
    const { deviceToken } = await use(await resetToken(auditor));
    for (let times = 0; times < 6; times += 1) await signIn(auditor.email, "errada").catch(() => undefined);
    await expectRefusal(signIn(auditor.email, fresh), "locked");
    await signIn(auditor.email, fresh, deviceToken);
  });

  test("neither jobs, log nor throttle hold an address or a token", async () => {
    const auditor = await person("auditor");
    await requestPasswordReset(anonymous(), { email: auditor.email });
    const queued = JSON.stringify(await database().select().from(jobs));
    await jobsTurnComes();
    await workOff("account_mail");
    const token = await mailedToken(auditor.userId, "password_reset");
    await use(token);
    const rows = [auditEvents, passwordLinks, signInThrottles, knownDevices, messages].map((table) =>
      database().select().from(table),
    );
    const kept =
      queued + inspect(await Promise.all(rows), { depth: null, maxArrayLength: null, maxStringLength: null });
    expect(kept).toContain(auditor.userId);
    for (const secret of [auditor.email, token]) expect(kept).not.toContain(secret);
  });
});

describe("an invitation by mail", () => {
  test("lets the person set their own password within 72 hours; the administrator sees it waiting", async () => {
    const { userId, email, token, temporaryPassword, linkUntil } = await invite();
    expect(temporaryPassword).toBeNull();
    const hours = (linkUntil!.getTime() - Date.now()) / 3_600_000;
    expect(Math.round(hours)).toBe(72);
    const seen = async () => (await readUser(contextOf(admin.actor), { userId })).invitation;
    expect(await seen()).toEqual({ expiresAt: linkUntil, state: "open" });
    const context = anonymous();
    await setPasswordByLink(context, { token, newPassword: fresh, repeatedPassword: fresh });
    expect(await eventsOf(context)).toMatchObject([{ action: "account.invitation_accepted", targetId: userId }]);
    expect(await seen()).toBeNull();
    await signIn(email, fresh);
    await expectRefusal(sendInvitation(contextOf(admin.actor), { userId }), "not_invited");
    await expectRefusal(use(token), "link_unusable");
  });

  test("sent again, the earlier link ends; withdrawn or expired, none works", async () => {
    const { userId, token } = await invite();
    const context = contextOf(admin.actor);
    await sendInvitation(context, { userId });
    expect(await eventsOf(context)).toMatchObject([{ action: "user.invited", targetId: userId }]);
    const second = await mailedToken(userId, "invitation");
    await expectRefusal(use(token), "link_unusable");
    await withdrawInvitation(contextOf(admin.actor), { userId });
    await expectRefusal(use(second), "link_unusable");
    const state = async () => (await readUser(contextOf(admin.actor), { userId })).invitation?.state;
    expect(await state()).toBe("withdrawn");
    const idle = contextOf(admin.actor);
    await withdrawInvitation(idle, { userId });
    expect(await eventsOf(idle)).toEqual([]);
    await sendInvitation(contextOf(admin.actor), { userId });
    await passes("73 hours");
    await expectRefusal(use(await mailedToken(userId, "invitation")), "link_unusable");
    expect(await state()).toBe("expired");
  });

  test("a temporary password replaces it, and an invitation replaces that", async () => {
    const { userId, email, token } = await invite();
    const { temporaryPassword } = await resetUserPassword(contextOf(admin.actor), {
      userId,
      access: "temporary_password",
    });
    await expectRefusal(use(token), "link_unusable");
    await signIn(email, temporaryPassword!);
    await sendInvitation(contextOf(admin.actor), { userId });
    await expectRefusal(signIn(email, temporaryPassword!), "invalid_credentials");
    await use(await mailedToken(userId, "invitation"));
    await signIn(email, fresh);
  });

  test("is not sent to a deactivated person, and nobody invites without an address", async () => {
    const { userId, token } = await invite();
    await deactivateUser(contextOf(admin.actor), { userId });
    await expectRefusal(sendInvitation(contextOf(admin.actor), { userId }), "not_invited");
    await expectRefusal(use(token), "link_unusable");
    await expectRefusal(sendInvitation(contextOf(admin.actor), { userId: newId() }), "not_found");
  });

  test("the link stands behind # of the page, and its values are erased with the message", async () => {
    const { userId } = await invite();
    const [message] = await accountMessages(userId);
    expect(message!.data.link).toMatch(/\/set-password#[\w-]{43}$/);
    const [row] = await database().select().from(passwordLinks).where(eq(passwordLinks.userId, userId));
    expect(row!.tokenDigest).toHaveLength(32);
    expect(message!.expiresAt.getTime()).toBeLessThanOrEqual(row!.expiresAt.getTime() + 1000);
  });
});
