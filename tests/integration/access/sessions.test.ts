import { asc, eq, sql } from "drizzle-orm";
import { beforeAll, describe, expect, test } from "vitest";
import { changeController } from "@/lib/access/controller/change-controller";
import { readController } from "@/lib/access/controller/read-controller";
import { emptyOldSessions } from "@/lib/access/sessions/empty-old-sessions";
import { endOtherSessions } from "@/lib/access/sessions/end-other-sessions";
import { endOwnSession } from "@/lib/access/sessions/end-own-session";
import { listOwnSessions } from "@/lib/access/sessions/list-own-sessions";
import { resolveSession } from "@/lib/access/sign-in/session-user";
import { startSession } from "@/lib/access/sign-in/start-session";
import { endUserSessions } from "@/lib/access/users/end-user-sessions";
import { newId } from "@/lib/core/new-id";
import { database } from "@/lib/db/client";
import { sessions } from "@/lib/db/schema";
import { contextOf, eventsOf, expectRefusal, knownPassword, person, type Person } from "../../support/actors";
import { account, anonymous, job } from "../../support/people";
import { waitUntil } from "../../support/wait-until";

const signIn = (email: string, ipAddress: string | null = null, deviceToken: string | null = null) =>
  startSession({ ...anonymous(), ipAddress }, { email, password: knownPassword, deviceToken });

const contextOfSession = async (sessionId: string) => contextOf((await resolveSession(sessionId))!.actor);

const sessionsOf = (userId: string) =>
  database().select().from(sessions).where(eq(sessions.userId, userId)).orderBy(asc(sessions.createdAt));

/** As if the session had not been used for so long. */
const unused = (sessionId: string, interval: string) =>
  database()
    .update(sessions)
    .set({ lastUsedAt: sql`now() - ${interval}::interval` })
    .where(eq(sessions.id, sessionId));

let admin: Person;
beforeAll(async () => {
  admin = await person("admin");
});

async function setLimits(limits: { idleMinutesPrivileged?: number; idleMinutesOthers?: number; maxSessions?: number }) {
  const { version } = await readController(contextOf(admin.actor), {});
  await changeController(contextOf(admin.actor), { version, legalName: "Empresa Ltda.", ...limits });
}

describe("the idle end", () => {
  test.each([
    ["dpo", "29 minutes", "31 minutes"],
    ["admin", "29 minutes", "31 minutes"],
    ["supervisor", "11 hours", "721 minutes"],
    ["auditor", "11 hours", "721 minutes"],
  ] as const)("of a %s: not after %s, but after %s", async (role, within, beyond) => {
    const { actor } = await person(role);
    await unused(actor.sessionId, within);
    expect(await resolveSession(actor.sessionId)).not.toBeNull();
    const isWritten = async () => {
      const [session] = await database().select().from(sessions).where(eq(sessions.id, actor.sessionId));
      return Date.now() - session!.lastUsedAt.getTime() < 60_000;
    };
    await waitUntil("the last use is written", isWritten);
    await unused(actor.sessionId, beyond);
    expect(await resolveSession(actor.sessionId)).toBeNull();
    expect(await isWritten()).toBe(false);
  });

  test("follows the settings at once, within their bounds", async () => {
    const { actor } = await person("supervisor");
    await unused(actor.sessionId, "20 minutes");
    await setLimits({ idleMinutesOthers: 15 });
    expect(await resolveSession(actor.sessionId)).toBeNull();
    await setLimits({ idleMinutesOthers: 30 });
    expect(await resolveSession(actor.sessionId)).not.toBeNull();
    await setLimits({});
    for (const limits of [{ idleMinutesOthers: 4 }, { idleMinutesPrivileged: 721 }, { maxSessions: 0 }])
      await expectRefusal(setLimits(limits), "invalid_input");
  });

  test("the last use is written at most once a minute", async () => {
    const { actor, userId } = await person("dpo");
    const [before] = await sessionsOf(userId);
    for (let times = 0; times < 5; times += 1) await resolveSession(actor.sessionId);
    await unused(actor.sessionId, "90 seconds");
    await Promise.all(Array.from({ length: 10 }, () => resolveSession(actor.sessionId)));
    await waitUntil(
      "the last use is written",
      async () => (await sessionsOf(userId))[0]!.lastUsedAt >= before!.lastUsedAt,
    );
    const [row] = await database().execute<{ writes: number }>(
      sql`select count(*)::int as writes from sessions
        where user_id = ${userId} and last_used_at > now() - interval '1 minute'`,
    );
    expect(row).toEqual({ writes: 1 });
  });
});

describe("too many sessions", () => {
  test("the sixth sign-in ends the oldest; of ten at once five stay", async () => {
    const { email, userId } = await account("auditor");
    for (let times = 0; times < 6; times += 1) await signIn(email);
    const ended = (await sessionsOf(userId)).map(({ endedAt }) => endedAt !== null);
    expect(ended).toEqual([true, false, false, false, false, false]);
    const other = await account("auditor");
    await Promise.all(Array.from({ length: 10 }, () => signIn(other.email)));
    expect((await sessionsOf(other.userId)).filter(({ endedAt }) => endedAt === null)).toHaveLength(5);
  });

  test("the settings say how many", async () => {
    await setLimits({ maxSessions: 1 });
    const { email, userId } = await account("auditor");
    await signIn(email);
    const { sessionId } = await signIn(email);
    expect((await sessionsOf(userId)).filter(({ endedAt }) => endedAt === null).map(({ id }) => id)).toEqual([
      sessionId,
    ]);
    await setLimits({});
  });
});

describe("one's own sessions", () => {
  test("are listed with address, how long it is known, last use, and the sign-in before", async () => {
    const { email, userId } = await account("supervisor");
    const first = await signIn(email, "192.0.2.7");
    const second = await signIn(email, "192.0.2.7");
    const third = await signIn(email, "198.51.100.3");
    const context = await contextOfSession(second.sessionId);
    const { open, previous } = await listOwnSessions(context, {});
    const [oldest] = await sessionsOf(userId);
    expect(open).toHaveLength(3);
    expect(open[0]).toMatchObject({
      id: second.sessionId,
      isCurrent: true,
      address: "192.0.2.7",
      knownSince: oldest!.createdAt,
    });
    expect(open.find(({ id }) => id === third.sessionId)).toMatchObject({ address: "198.51.100.3", knownSince: null });
    expect(previous).toMatchObject({ id: first.sessionId, isCurrent: false });
    await unused(third.sessionId, "13 hours");
    expect((await listOwnSessions(context, {})).open).toHaveLength(2);
  });

  test("one ends, then all others; each once, with its event", async () => {
    const { email, userId } = await account("supervisor");
    const [first, second, third] = [await signIn(email), await signIn(email), await signIn(email)];
    const context = await contextOfSession(first.sessionId);
    await endOwnSession(context, { sessionId: second.sessionId });
    await endOwnSession(context, { sessionId: second.sessionId });
    expect(await resolveSession(second.sessionId)).toBeNull();
    expect(await eventsOf(context)).toMatchObject([
      { action: "session.ended", targetId: userId, details: { sessionId: second.sessionId } },
    ]);
    const others = await contextOfSession(first.sessionId);
    expect(await endOtherSessions(others, {})).toEqual({ sessionsEnded: 1 });
    expect(await endOtherSessions(others, {})).toEqual({ sessionsEnded: 0 });
    expect(await eventsOf(others)).toMatchObject([{ action: "account.sessions_ended", details: { sessionsEnded: 1 } }]);
    expect(await resolveSession(third.sessionId)).toBeNull();
    expect(await resolveSession(first.sessionId)).not.toBeNull();
  });

  test("nobody sees or ends somebody else's", async () => {
    const [one, other] = [await person("supervisor"), await person("dpo")];
    await expectRefusal(endOwnSession(one.context, { sessionId: other.actor.sessionId }), "not_found");
    await expectRefusal(endOwnSession(one.context, { sessionId: newId() }), "not_found");
    expect((await listOwnSessions(one.context, {})).open.map(({ id }) => id)).toEqual([one.actor.sessionId]);
    expect(await resolveSession(other.actor.sessionId)).not.toBeNull();
  });
});

test("an administrator ends all sessions of a person, with one event", async () => {
  const { email, userId } = await account("auditor");
  const [first, second] = [await signIn(email), await signIn(email)];
  const context = contextOf(admin.actor);
  expect(await endUserSessions(context, { userId })).toEqual({ userId, sessionsEnded: 2 });
  expect(await endUserSessions(context, { userId })).toEqual({ userId, sessionsEnded: 0 });
  expect(await eventsOf(context)).toMatchObject([
    { action: "user.sessions_ended", targetId: userId, details: { sessionsEnded: 2 } },
  ]);
  for (const { sessionId } of [first, second]) expect(await resolveSession(sessionId)).toBeNull();
  await expectRefusal(endUserSessions(contextOf(admin.actor), { userId: newId() }), "not_found");
});

test("addresses of sign-ins are erased after six months, the sign-ins stay", async () => {
  const { email, userId } = await account("auditor");
  const [old, recent] = [await signIn(email, "192.0.2.7"), await signIn(email, "192.0.2.7")];
  await database()
    .update(sessions)
    .set({ createdAt: sql`now() - interval '7 months'` })
    .where(eq(sessions.id, old.sessionId));
  const context = job("account");
  expect((await emptyOldSessions(context, {})).emptied).toBe(1);
  expect((await emptyOldSessions(context, {})).emptied).toBe(0);
  expect(await eventsOf(context)).toMatchObject([{ action: "session.addresses_emptied", details: { sessions: 1 } }]);
  const rows = await sessionsOf(userId);
  expect(rows.map(({ id, addressEncrypted }) => [id, addressEncrypted !== null])).toEqual([
    [old.sessionId, false],
    [recent.sessionId, true],
  ]);
});
