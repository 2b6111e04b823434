import { eq, sql } from "drizzle-orm";
import { describe, expect, test } from "vitest";
import { requestPasswordReset } from "@/lib/access/passwords/request-password-reset";
import { startSession } from "@/lib/access/sign-in/start-session";
import { resetUserPassword } from "@/lib/access/users/reset-user-password";
import { newId } from "@/lib/core/new-id";
import { database } from "@/lib/db/client";
import { knownDevices, sessions, signInThrottles, users } from "@/lib/db/schema";
import { expectRefusal } from "../../support/actors";
import { jobsTurnComes, workOff } from "../../support/background-jobs";
import { accountMessages } from "../../support/password-links";
import { account, anonymous, knownPassword, operator } from "../../support/people";

const chrome = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36";
const stranger = "203.0.113.66";

const signIn = (
  email: string,
  deviceToken: string | null = null,
  password = knownPassword,
  ipAddress: string | null = null,
) => startSession({ ...anonymous(), ipAddress }, { email, password, deviceToken, userAgent: chrome });

/** Failures of somebody who knows the e-mail alone, with every wait over. */
async function guess(email: string, times: number, deviceToken: string | null = null): Promise<void> {
  for (let time = 0; time < times; time += 1) {
    await database().update(signInThrottles).set({ lockedUntil: null });
    await expectRefusal(signIn(email, deviceToken, "errada", stranger), "invalid_credentials");
  }
}

describe("a person on a known device", () => {
  test("is never locked out by strangers, neither by those at the same address", async () => {
    const { email } = await account("auditor");
    const { deviceToken } = await signIn(email, null, knownPassword, stranger);
    await guess(email, 8);
    await expectRefusal(signIn(email), "locked");
    await signIn(email, deviceToken, knownPassword, stranger);
  });

  test("has a budget of failures of its own, which locks neither other devices nor the account", async () => {
    const { email } = await account("auditor");
    const [first, second] = [await signIn(email), await signIn(email)];
    await guess(email, 4, first.deviceToken);
    await expectRefusal(signIn(email, first.deviceToken), "locked");
    await signIn(email, second.deviceToken);
    await signIn(email);
  });

  test("its sign-in does not clear the failures of strangers", async () => {
    const { email } = await account("auditor");
    const { deviceToken } = await signIn(email);
    await guess(email, 5);
    await signIn(email, deviceToken);
    await expectRefusal(signIn(email), "locked");
  });

  test("is unknown there after an administrator's reset: it has no budget of its own any more", async () => {
    const { email, userId } = await account("auditor");
    const { deviceToken } = await signIn(email);
    await resetUserPassword(operator(), { userId, access: "temporary_password" });
    await guess(email, 4);
    await expectRefusal(signIn(email, deviceToken), "locked");
  });

  test("the token changes at each sign-in, and the old one is worth nothing", async () => {
    const { email, userId } = await account("auditor");
    const first = await signIn(email);
    const second = await signIn(email, first.deviceToken);
    expect(second.deviceToken).not.toBe(first.deviceToken);
    expect(await database().select().from(knownDevices).where(eq(knownDevices.userId, userId))).toHaveLength(1);
    await guess(email, 5);
    await expectRefusal(signIn(email, first.deviceToken), "locked");
    await signIn(email, second.deviceToken);
  });

  test.each(["of another person", "expired", "invented", "malformed"])("a token %s does not help", async (kind) => {
    const { email, userId } = await account("auditor");
    const { deviceToken: own } = await signIn(email);
    const other = await account("auditor");
    const { deviceToken: theirs } = await signIn(other.email);
    if (kind === "expired")
      await database()
        .update(knownDevices)
        .set({ expiresAt: sql`now() - interval '1 second'` })
        .where(eq(knownDevices.userId, userId));
    const tokens: Record<string, string> = { "of another person": theirs, expired: own, invented: "A".repeat(43) };
    await guess(email, 5);
    await expectRefusal(signIn(email, tokens[kind] ?? `${own}\u0001' or 1=1`), "locked");
  });

  test("people who share a browser are known on it side by side", async () => {
    const [one, other] = [await account("supervisor"), await account("supervisor")];
    const { deviceToken: first } = await signIn(one.email);
    const { deviceToken: second } = await signIn(other.email, first);
    await guess(one.email, 5);
    await signIn(one.email, second);
    expect((await accountMessages(one.userId)).map(({ template }) => template)).toEqual([]);
  });
});

describe("mail to the person", () => {
  test("tells of a sign-in from a new device, not of the first one and not of a known one", async () => {
    const { email, userId } = await account("auditor");
    const { deviceToken } = await signIn(email);
    await signIn(email, deviceToken);
    expect(await accountMessages(userId)).toEqual([]);
    await signIn(email);
    expect(await accountMessages(userId)).toMatchObject([
      { template: "new_device", recipient: email, data: { device: "Chrome 156, Linux" } },
    ]);
  });

  test("warns of many failures from unknown devices, at most once a day, whoever asks", async () => {
    const { email, userId } = await account("auditor");
    await guess(email, 20);
    await workOff("account_mail");
    const warnings = async () =>
      (await accountMessages(userId)).filter(({ template }) => template === "sign_in_failures");
    expect(await warnings()).toHaveLength(1);
    await guess(email, 10);
    await jobsTurnComes();
    await workOff("account_mail");
    expect(await warnings()).toHaveLength(1);
    await database()
      .update(users)
      .set({ signInWarnedAt: sql`now() - interval '25 hours'` })
      .where(eq(users.id, userId));
    await guess(email, 10);
    await workOff("account_mail");
    expect(await warnings()).toHaveLength(2);
  });

  test("does not warn of failures on the person's own device", async () => {
    const { email, userId } = await account("auditor");
    const { deviceToken } = await signIn(email);
    await guess(email, 12, deviceToken);
    await workOff("account_mail");
    expect(await accountMessages(userId)).toEqual([]);
  });
});

test("the address of a sign-in is encrypted, browser and system are in words", async () => {
  const { email, userId } = await account("auditor");
  await signIn(email, null, knownPassword, "192.0.2.7");
  const [session] = await database().select().from(sessions).where(eq(sessions.userId, userId));
  expect(session).toMatchObject({ browser: "Chrome 156", operatingSystem: "Linux" });
  expect(session!.addressEncrypted!.toString("latin1")).not.toContain("192.0.2.7");
});

/** The standardised rank sum of two samples (Mann-Whitney): beyond 4 by chance in one of 15,000 runs. */
function rankDifference(one: number[], other: number[]): number {
  const all = [...one.map((value) => ({ value, isOne: true })), ...other.map((value) => ({ value, isOne: false }))];
  const ranked = all.toSorted((a, b) => a.value - b.value);
  const sum = ranked.reduce((ranks, { isOne }, index) => ranks + (isOne ? index + 1 : 0), 0);
  const [n, m] = [one.length, other.length];
  return Math.abs(sum - (n * (n + m + 1)) / 2) / Math.sqrt((n * m * (n + m + 1)) / 12);
}

describe("existing and absent accounts take the same time", { timeout: 120_000 }, () => {
  const rounds = 50;
  test.each<[string, (email: string) => Promise<unknown>]>([
    ["sign-in", (email) => signIn(email, null, "errada").catch(() => undefined)],
    ["reset", (email) => requestPasswordReset(anonymous(), { email })],
  ])("%s", async (_, act) => {
    const existing = await Promise.all(Array.from({ length: rounds }, () => account("auditor")));
    const times: { existing: number[]; absent: number[] } = { existing: [], absent: [] };
    const measured = async (email: string) => {
      const begun = performance.now();
      await act(email);
      return performance.now() - begun;
    };
    await measured(`${newId()}@nowhere.example`);
    for (const { email } of existing) {
      times.existing.push(await measured(email));
      times.absent.push(await measured(`${newId()}@nowhere.example`));
    }
    expect(rankDifference(times.existing, times.absent)).toBeLessThan(4);
  });
});
