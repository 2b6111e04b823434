import { and, eq, isNull, sql } from "drizzle-orm";
import { expect, test, describe } from "vitest";
import { beginTotpEnrolment } from "@/lib/access/second-factor/begin-totp-enrolment";
import { changeSecondFactorRoles } from "@/lib/access/second-factor/change-second-factor-roles";
import { completeSecondStep } from "@/lib/access/second-factor/complete-second-step";
import { confirmTotpEnrolment } from "@/lib/access/second-factor/confirm-totp-enrolment";
import { readSecondFactors } from "@/lib/access/second-factor/read-second-factors";
import { removeSecondFactor } from "@/lib/access/second-factor/remove-second-factor";
import { renewRecoveryCodes } from "@/lib/access/second-factor/renew-recovery-codes";
import { restoreAdministrator } from "@/lib/access/second-factor/restore-administrator";
import { resetSecondFactor } from "@/lib/access/second-factor/reset-second-factor";
import { endSession } from "@/lib/access/sign-in/end-session";
import { resolveSession } from "@/lib/access/sign-in/session-user";
import { startSession } from "@/lib/access/sign-in/start-session";
import { startSessionByTicket } from "@/lib/access/sign-in/start-session-by-ticket";
import type { AppError } from "@/lib/core/errors";
import { database } from "@/lib/db/client";
import {
  auditEvents,
  recoveryCodes,
  secondFactorAttempts,
  sessions,
  signInChallenges,
  totpFactors,
} from "@/lib/db/schema";
import { listRecordings } from "@/lib/recordings/list-recordings";
import { account, anonymous, job, knownPassword, signIn, signedInAs, type Account } from "../../support/people";
import { accountMessages } from "../../support/password-links";
import { runCommand } from "../../support/run-command";
import { codeOf, giveSecondFactor, knownTotpSecret, prolongWait } from "../../support/second-factor";

/** The password step: the challenge that it leaves. */
async function challengeOf({ email }: Account): Promise<string> {
  const error = await startSession(anonymous(), { email, password: knownPassword }).then(
    () => expect.fail("a session without a second step"),
    (thrown: unknown) => thrown as AppError,
  );
  expect(error).toMatchObject({ code: "second_step_needed" });
  return error.details.secondStep!.challenge;
}

const step = (challenge: string, code: string, method: "totp" | "recovery_code" = "totp") =>
  completeSecondStep(anonymous(), { challenge, method, code });

const enter = async (ticket: Promise<{ ticket: string }>) =>
  startSessionByTicket(anonymous(), { token: (await ticket).ticket });

const eventsOf = (userId: string) =>
  database()
    .select({ action: auditEvents.action, outcome: auditEvents.outcome, details: auditEvents.details })
    .from(auditEvents)
    .where(eq(auditEvents.targetId, userId));

const actionsOf = async (userId: string) => (await eventsOf(userId)).map(({ action }) => action);

/** What a person was told of their factors. */
async function mailsOf(userId: string): Promise<string[]> {
  const sent = await accountMessages(userId);
  return sent
    .map(({ template }) => template)
    .filter((template) => template.startsWith("second_factor"))
    .sort();
}

const openSessionsOf = (userId: string) =>
  database().$count(sessions, and(eq(sessions.userId, userId), isNull(sessions.endedAt)));

/** Enrols an app as a person does. */
async function enrol(context: Parameters<typeof beginTotpEnrolment>[0]) {
  const { secret } = await beginTotpEnrolment(context, {});
  return { secret, ...(await confirmTotpEnrolment(context, { code: await codeOf(secret) })) };
}

async function attemptsOf(userId: string) {
  const [row] = await database().select().from(secondFactorAttempts).where(eq(secondFactorAttempts.userId, userId));
  return row;
}

const waitItOut = () =>
  database()
    .update(secondFactorAttempts)
    .set({ lockedUntil: sql`now() - interval '1 second'` });

describe("the password step of a person with a second factor", () => {
  test("starts no session and says with an event that it was right", async () => {
    const dpo = await account("dpo");
    await challengeOf(dpo);
    expect(await openSessionsOf(dpo.userId)).toBe(0);
    expect(await actionsOf(dpo.userId)).toEqual(["session.second_step_asked"]);
  });

  test("with a wrong password answers like an account without one", async () => {
    for (const who of [await account("dpo"), await account("auditor")]) {
      const guess = startSession(anonymous(), { email: who.email, password: "wrong-password" });
      await expect(guess).rejects.toMatchObject({ code: "invalid_credentials", details: {} });
    }
  });

  test("stores no token, and the log has none", async () => {
    const dpo = await account("dpo");
    const challenge = await challengeOf(dpo);
    const rows = await database().execute(sql`select to_jsonb(c)::text as row from sign_in_challenges as c
      union all select to_jsonb(e)::text from audit_events as e`);
    expect(JSON.stringify(rows)).not.toContain(challenge);
    expect(JSON.stringify(rows)).not.toContain(Buffer.from(challenge).toString("hex"));
  });
});

describe("the second step", () => {
  test("with the code of the app starts a session that says how", async () => {
    const dpo = await account("dpo");
    const { sessionId } = await enter(step(await challengeOf(dpo), await codeOf()));
    const [session] = await database().select().from(sessions).where(eq(sessions.id, sessionId));
    expect(session).toMatchObject({ userId: dpo.userId, methods: ["password", "totp"] });
    expect(await actionsOf(dpo.userId)).toEqual(["session.second_step_asked", "session.started"]);
  });

  test.each([-1, 1])("accepts the code of the neighbouring step %i, as clocks differ", async (steps) => {
    const dpo = await account("dpo");
    await expect(step(await challengeOf(dpo), await codeOf(knownTotpSecret, steps))).resolves.toBeDefined();
  });

  test.each([-3, 3])("refuses the code of step %i", async (steps) => {
    const dpo = await account("dpo");
    const refused = step(await challengeOf(dpo), await codeOf(knownTotpSecret, steps));
    await expect(refused).rejects.toMatchObject({ code: "wrong_code" });
  });

  test("refuses a code that was used, and every code before it", async () => {
    const dpo = await account("dpo");
    const code = await codeOf();
    await step(await challengeOf(dpo), code);
    for (const again of [code, await codeOf(knownTotpSecret, -1)])
      await expect(step(await challengeOf(dpo), again)).rejects.toMatchObject({ code: "wrong_code" });
    expect(await openSessionsOf(dpo.userId)).toBe(0);
    await waitItOut();
    await expect(step(await challengeOf(dpo), await codeOf(knownTotpSecret, 1))).resolves.toBeDefined();
  });

  test("of ten parallel uses of one code one passes", async () => {
    const dpo = await account("dpo");
    const code = await codeOf();
    const challenges = await Promise.all(Array.from({ length: 10 }, () => challengeOf(dpo)));
    const ended = await Promise.allSettled(challenges.map((challenge) => step(challenge, code)));
    expect(ended.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  });

  test("refuses the code of another person's app", async () => {
    const [mine, theirs] = [await account("dpo"), await account("auditor")];
    const { secret } = await enrol(await (await signIn(theirs)).context());
    const challenge = await challengeOf(mine);
    await expect(step(challenge, await codeOf(secret, 1))).rejects.toMatchObject({ code: "wrong_code" });
  });

  test.each<[string, (challenge: string) => unknown]>([
    ["unknown", () => undefined],
    [
      "expired",
      () =>
        database()
          .update(signInChallenges)
          .set({ expiresAt: sql`now()` }),
    ],
    ["used", (challenge) => codeOf().then((code) => step(challenge, code))],
  ])("refuses a challenge that is %s", async (kind, spoil) => {
    const dpo = await account("dpo");
    const challenge = await challengeOf(dpo);
    await spoil(challenge);
    const sent = kind === "unknown" ? "A".repeat(43) : challenge;
    await expect(step(sent, await codeOf(knownTotpSecret, 1))).rejects.toMatchObject({ code: "sign_in_expired" });
  });

  test.each(["", "12345", "1234567", "abcdef", "١٢٣٤٥٦", "12 34 5x", "000000"])("refuses %j", async (code) => {
    const dpo = await account("dpo");
    await expect(step(await challengeOf(dpo), code)).rejects.toMatchObject({
      code: code === "" ? "invalid_input" : "wrong_code",
    });
  });

  test("limits guesses: three are free, then the wait doubles; a passed challenge starts no new count", async () => {
    const dpo = await account("dpo");
    for (let guess = 0; guess < 4; guess += 1)
      await expect(step(await challengeOf(dpo), "000000")).rejects.toMatchObject({ code: "wrong_code" });
    const waits = async () => {
      const { lockedUntil, lastFailureAt } = (await attemptsOf(dpo.userId))!;
      return Math.round((lockedUntil!.getTime() - lastFailureAt.getTime()) / 1000);
    };
    expect(await waits()).toBe(2);
    await prolongWait(dpo.userId);
    const locked = step(await challengeOf(dpo), await codeOf());
    await expect(locked).rejects.toMatchObject({ code: "locked" });
    await waitItOut();
    await expect(step(await challengeOf(dpo), "000000")).rejects.toMatchObject({ code: "wrong_code" });
    expect(await waits()).toBe(4);
    await waitItOut();
    await expect(step(await challengeOf(dpo), await codeOf())).resolves.toBeDefined();
    expect(await attemptsOf(dpo.userId)).toBeUndefined();
    const failures = (await eventsOf(dpo.userId)).filter(({ action }) => action === "second_factor.proof_failed");
    expect(failures.map(({ outcome }) => outcome)).toEqual([
      "failure",
      "failure",
      "failure",
      "failure",
      "denied",
      "failure",
    ]);
  });

  test("tells the person of wrong codes: with the first wait and with every tenth, not of single ones", async () => {
    const dpo = await account("dpo");
    const fail = async (times: number) => {
      for (let guess = 0; guess < times; guess += 1) {
        await waitItOut();
        await expect(step(await challengeOf(dpo), "000000")).rejects.toMatchObject({ code: "wrong_code" });
      }
      return (await mailsOf(dpo.userId)).length;
    };
    expect([await fail(3), await fail(1), await fail(5), await fail(1), await fail(9)]).toEqual([0, 1, 1, 2, 2]);
    expect(new Set(await mailsOf(dpo.userId))).toEqual(new Set(["second_factor_guessed"]));
  });

  test("checks no more codes in twenty parallel guesses than one after the other", async () => {
    const dpo = await account("dpo");
    const challenges = await Promise.all(Array.from({ length: 20 }, () => challengeOf(dpo)));
    const begun = Date.now();
    const codes = await Promise.all(
      challenges.map((each) => step(each, "000000").catch((error: AppError) => error.code)),
    );
    const most = 4 + Math.ceil((Date.now() - begun) / 2000);
    expect(codes.filter((code) => code === "wrong_code").length).toBeLessThanOrEqual(most);
  });

  test("a stranger without the password cannot lock anybody", async () => {
    const dpo = await account("dpo");
    for (let guess = 0; guess < 10; guess += 1)
      await expect(step("A".repeat(43), "000000")).rejects.toMatchObject({ code: "sign_in_expired" });
    await expect(step(await challengeOf(dpo), await codeOf())).resolves.toBeDefined();
  });
});

describe("recovery codes", () => {
  test("are ten, each works once, and the person gets a mail", async () => {
    const auditor = await account("auditor");
    const { recoveryCodes: codes } = await enrol(await (await signIn(auditor)).context());
    expect(new Set(codes).size).toBe(10);
    for (const code of codes!) expect(code).toMatch(/^[a-z2-9]{4}(-[a-z2-9]{4}){5}$/);
    const [first, second] = codes!;
    const { sessionId } = await enter(step(await challengeOf(auditor), first!, "recovery_code"));
    const [session] = await database().select().from(sessions).where(eq(sessions.id, sessionId));
    expect(session!.methods).toEqual(["password", "recovery_code"]);
    const again = step(await challengeOf(auditor), first!, "recovery_code");
    await expect(again).rejects.toMatchObject({ code: "wrong_code" });
    await step(await challengeOf(auditor), second!.toUpperCase().replaceAll("-", " "), "recovery_code");
    const used = (await eventsOf(auditor.userId)).filter(({ action }) => action === "second_factor.recovery_code_used");
    expect(used.map(({ details }) => details.codesLeft)).toEqual([9, 8]);
  });

  test("of ten parallel uses of one, one passes", async () => {
    const auditor = await account("auditor");
    const { recoveryCodes: codes } = await enrol(await (await signIn(auditor)).context());
    const challenges = await Promise.all(Array.from({ length: 10 }, () => challengeOf(auditor)));
    const ended = await Promise.allSettled(challenges.map((each) => step(each, codes![0]!, "recovery_code")));
    expect(ended.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  });

  test("of another person do not work, nor do those before the last ones", async () => {
    const [mine, theirs] = [await account("auditor"), await account("auditor")];
    const own = await (await signIn(mine)).context();
    const { recoveryCodes: earlier } = await enrol(own);
    const { recoveryCodes: others } = await enrol(await (await signIn(theirs)).context());
    const { recoveryCodes: current } = await renewRecoveryCodes(own, {});
    for (const code of [others![0]!, earlier![0]!])
      await expect(step(await challengeOf(mine), code, "recovery_code")).rejects.toMatchObject({ code: "wrong_code" });
    await expect(step(await challengeOf(mine), current[0]!, "recovery_code")).resolves.toBeDefined();
  });

  test("and secrets are nowhere in clear", async () => {
    const auditor = await account("auditor");
    const { secret, recoveryCodes: codes } = await enrol(await (await signIn(auditor)).context());
    const rows = await database().execute(sql`select to_jsonb(f)::text as row from totp_factors as f
      union all select to_jsonb(c)::text from recovery_codes as c
      union all select to_jsonb(e)::text from audit_events as e`);
    const stored = JSON.stringify(rows);
    for (const text of [secret, codes![0]!, Buffer.from(secret).toString("hex")]) expect(stored).not.toContain(text);
  });
});

describe("enrolment", () => {
  test("counts from the first right code on, ends other sessions, and tells the person", async () => {
    const auditor = await account("auditor");
    const [here, elsewhere] = [await signIn(auditor), await signIn(auditor)];
    const context = await here.context();
    const { secret, qr } = await beginTotpEnrolment(context, {});
    expect(qr.path).toMatch(/^(M\d+ \d+h1v1h-1z)+$/);
    await expect(startSession(anonymous(), { email: auditor.email, password: knownPassword })).resolves.toBeDefined();
    await expect(confirmTotpEnrolment(context, { code: "000000" })).rejects.toMatchObject({ code: "wrong_code" });
    await confirmTotpEnrolment(context, { code: await codeOf(secret) });
    await challengeOf(auditor);
    const rows = await database().select().from(sessions).where(eq(sessions.id, elsewhere.sessionId));
    expect(rows[0]!.endedAt).not.toBeNull();
    const [own] = await database().select().from(sessions).where(eq(sessions.id, here.sessionId));
    expect(own).toMatchObject({ endedAt: null });
    expect(own!.methods).toContain("totp");
    expect(await actionsOf(auditor.userId)).toContain("second_factor.enrolled");
    expect(await mailsOf(auditor.userId)).toEqual(["second_factor_added"]);
  });

  test("refuses the code that confirmed it at the next sign-in", async () => {
    const auditor = await account("auditor");
    const context = await (await signIn(auditor)).context();
    const { secret } = await beginTotpEnrolment(context, {});
    const code = await codeOf(secret);
    await confirmTotpEnrolment(context, { code });
    await expect(step(await challengeOf(auditor), code)).rejects.toMatchObject({ code: "wrong_code" });
  });

  test("replaces an earlier app only when the new one is confirmed, and keeps the recovery codes", async () => {
    const auditor = await account("auditor");
    const context = await (await signIn(auditor)).context();
    const { secret: earlier } = await enrol(context);
    const { secret } = await beginTotpEnrolment(context, {});
    await expect(step(await challengeOf(auditor), await codeOf(earlier, 1))).resolves.toBeDefined();
    const { recoveryCodes: none } = await confirmTotpEnrolment(context, { code: await codeOf(secret) });
    expect(none).toBeNull();
    await expect(step(await challengeOf(auditor), await codeOf(earlier, 1))).rejects.toMatchObject({
      code: "wrong_code",
    });
    await expect(step(await challengeOf(auditor), await codeOf(secret, 1))).resolves.toBeDefined();
    expect(await database().$count(totpFactors, eq(totpFactors.userId, auditor.userId))).toBe(1);
  });

  test("without a secret that waits is refused", async () => {
    const { context } = await signedInAs("auditor");
    await expect(confirmTotpEnrolment(await context(), { code: "123456" })).rejects.toMatchObject({
      code: "not_found",
    });
  });
});

describe("who needs a second factor and has none", () => {
  test.each(["admin", "dpo"] as const)("%s: may enrol one and sign out, and nothing else", async (role) => {
    const who = await signedInAs(role);
    await database().delete(totpFactors).where(eq(totpFactors.userId, who.userId));
    const context = await who.context();
    await expect(listRecordings(context, {})).rejects.toMatchObject({ code: "second_factor_required" });
    expect(await readSecondFactors(context, {})).toMatchObject({ isNeeded: true, totp: null });
    await enrol(context);
    await expect(listRecordings(await who.context(), {})).resolves.toBeDefined();
    await database().delete(totpFactors).where(eq(totpFactors.userId, who.userId));
    await endSession(await who.context(), {});
  });

  test("auditor: only while the setting says so", async () => {
    const [admin, auditor] = [await signedInAs("admin"), await signedInAs("auditor")];
    await expect(listRecordings(await auditor.context(), {})).resolves.toBeDefined();
    await changeSecondFactorRoles(await admin.context(), { roles: ["auditor"] });
    await expect(listRecordings(await auditor.context(), {})).rejects.toMatchObject({ code: "second_factor_required" });
    const supervisor = await signedInAs("supervisor");
    await expect(listRecordings(await supervisor.context(), {})).resolves.toBeDefined();
    await changeSecondFactorRoles(await admin.context(), {});
    await expect(listRecordings(await auditor.context(), {})).resolves.toBeDefined();
    const always = changeSecondFactorRoles(await admin.context(), { roles: ["admin"] });
    await expect(always).rejects.toMatchObject({ code: "invalid_input" });
  });
});

describe("removal", () => {
  test("of the last factor is refused where the role needs one", async () => {
    const dpo = await signedInAs("dpo");
    const { totp } = await readSecondFactors(await dpo.context(), {});
    const removal = removeSecondFactor(await dpo.context(), { factor: "totp", id: totp!.id });
    await expect(removal).rejects.toMatchObject({ code: "last_second_factor" });
    expect((await readSecondFactors(await dpo.context(), {})).totp).not.toBeNull();
  });

  test("elsewhere ends it with its recovery codes, with event and mail; never another person's", async () => {
    const [auditor, other] = [await signedInAs("auditor"), await signedInAs("auditor")];
    await enrol(await auditor.context());
    const { totp } = await readSecondFactors(await auditor.context(), {});
    const foreign = removeSecondFactor(await other.context(), { factor: "totp", id: totp!.id });
    await expect(foreign).rejects.toMatchObject({ code: "not_found" });
    await removeSecondFactor(await auditor.context(), { factor: "totp", id: totp!.id });
    expect(await database().$count(recoveryCodes, eq(recoveryCodes.userId, auditor.userId))).toBe(0);
    await expect(startSession(anonymous(), { email: auditor.email, password: knownPassword })).resolves.toBeDefined();
    expect(await actionsOf(auditor.userId)).toContain("second_factor.removed");
    expect(await mailsOf(auditor.userId)).toEqual(["second_factor_added", "second_factor_removed"]);
  });
});

describe("reset by an administrator", () => {
  test("removes all factors and sessions of the person, with event and mail", async () => {
    const [admin, dpo] = [await signedInAs("admin"), await signedInAs("dpo")];
    await resetSecondFactor(await admin.context(), { userId: dpo.userId });
    expect(await openSessionsOf(dpo.userId)).toBe(0);
    const { sessionId } = await startSession(anonymous(), { email: dpo.email, password: knownPassword });
    expect(sessionId).toBeDefined();
    expect(await actionsOf(dpo.userId)).toContain("second_factor.reset");
    expect(await mailsOf(dpo.userId)).toEqual(["second_factor_removed"]);
    const again = resetSecondFactor(await admin.context(), { userId: dpo.userId });
    await expect(again).rejects.toMatchObject({ code: "conflict" });
  });

  test("is never of one's own", async () => {
    const admin = await signedInAs("admin");
    const own = resetSecondFactor(await admin.context(), { userId: admin.userId });
    await expect(own).rejects.toMatchObject({ code: "own_role" });
  });
});

test("an attacker who knows the password learns only what may follow it", async () => {
  const auditor = await account("auditor");
  await giveSecondFactor(auditor.userId);
  const thrown: unknown = await startSession(anonymous(), { email: auditor.email, password: knownPassword }).catch(
    (error: unknown) => error,
  );
  const { details } = thrown as AppError;
  expect(Object.keys(details)).toEqual(["secondStep"]);
  expect(details.secondStep!.factors).toEqual(["totp"]);
});

describe("an administrator whom the operator lets in again", () => {
  test("gets a temporary password in place of password, sessions and second factor", async () => {
    const admin = await signedInAs("admin");
    const ran = await runCommand("scripts/users.ts", ["restore-admin", "--email", admin.email]);
    const password = /temporary password (\S+)\n$/.exec(ran.stdout)![1]!;
    expect(await openSessionsOf(admin.userId)).toBe(0);
    const { sessionId } = await startSession(anonymous(), { email: admin.email, password });
    const { actor } = (await resolveSession(sessionId))!;
    expect(actor).toMatchObject({ mustChangePassword: true, mustEnrolSecondFactor: true });
    expect(await actionsOf(admin.userId)).toEqual(
      expect.arrayContaining(["user.password_reset", "second_factor.reset"]),
    );
    expect(await mailsOf(admin.userId)).toEqual(["second_factor_removed"]);
  });

  test("is an active administrator, and nobody else", async () => {
    const gone = await account("admin", [], { active: false });
    for (const { email } of [gone, await account("dpo"), { email: "ninguem@empresa.example" }])
      await expect(restoreAdministrator(job("users-command"), { email })).rejects.toMatchObject({ code: "not_found" });
  });
});
