import { eq, sql } from "drizzle-orm";
import { decode } from "next-auth/jwt";
import { expect, test } from "vitest";
import { issueSignInTicket } from "@/lib/access/sign-in/sign-in-ticket";
import { startSessionByTicket } from "@/lib/access/sign-in/start-session-by-ticket";
import { sessionCookieName } from "@/lib/http/session/session-cookie";
import { database } from "@/lib/db/client";
import { auditEvents, sessions, signInTickets } from "@/lib/db/schema";
import { env } from "@/lib/core/env";
import { csrf, nextAuth } from "../../support/next-auth";
import { account, anonymous, changeUser } from "../../support/people";

const ticketFor = (userId: string) =>
  database().transaction((tx) => issueSignInTicket(tx, { userId, methods: ["password", "totp"] }));

const sessionsOf = (userId: string) => database().select().from(sessions).where(eq(sessions.userId, userId));

test("starts a session with its methods and the time of the proof, and writes the event", async () => {
  const { userId } = await account("dpo");
  const { sessionId } = await startSessionByTicket(anonymous(), { token: await ticketFor(userId) });
  const [session] = await sessionsOf(userId);
  expect(session).toMatchObject({ id: sessionId, methods: ["password", "totp"] });
  expect(Math.abs(session!.provedAt.getTime() - session!.createdAt.getTime())).toBeLessThan(5000);
  const [event] = await database().select().from(auditEvents).where(eq(auditEvents.targetId, userId));
  expect(event).toMatchObject({
    action: "session.started",
    details: { sessionId, signInMethods: ["password", "totp"] },
  });
});

test("next-auth sets the cookie for a ticket, once", async () => {
  const { userId } = await account("dpo");
  const ticket = await ticketFor(userId);
  const use = async () => {
    const { csrfToken, cookies } = await csrf();
    return nextAuth("callback", cookies, { ticket, csrfToken, callbackUrl: "/", json: "true" }, "ticket");
  };
  const cookie = (await use()).cookies[sessionCookieName()];
  const token = await decode({ token: cookie!, secret: env().NEXTAUTH_SECRET });
  expect(await sessionsOf(userId)).toMatchObject([{ id: token!.sid }]);
  const again = await use();
  expect(again.cookies[sessionCookieName()]).toBeUndefined();
  expect((again.body as { url: string }).url).toContain("error=sign_in_expired");
});

test("of twenty parallel uses one gets the session", async () => {
  const { userId } = await account("dpo");
  const token = await ticketFor(userId);
  const uses = Array.from({ length: 20 }, () => startSessionByTicket(anonymous(), { token }));
  const ended = await Promise.allSettled(uses);
  expect(ended.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  expect(await sessionsOf(userId)).toHaveLength(1);
});

test.each<[string, (userId: string, token: string) => unknown]>([
  ["unknown", (_, token) => token.replace(/.$/, (last) => (last === "A" ? "B" : "A"))],
  [
    "expired",
    () =>
      database()
        .update(signInTickets)
        .set({ expiresAt: sql`now()` }),
  ],
  ["of a person who was deactivated meanwhile", (userId) => changeUser(userId, { active: false })],
])("refuses a ticket that is %s", async (_, spoil) => {
  const { userId } = await account("dpo");
  const token = await ticketFor(userId);
  const spoiled = await spoil(userId, token);
  const sent = typeof spoiled === "string" ? spoiled : token;
  await expect(startSessionByTicket(anonymous(), { token: sent })).rejects.toMatchObject({ code: "sign_in_expired" });
  expect(await sessionsOf(userId)).toEqual([]);
});

test("stores no token", async () => {
  const { userId } = await account("dpo");
  const token = await ticketFor(userId);
  const rows = await database().execute(sql`select to_jsonb(t)::text as row from sign_in_tickets as t`);
  expect(JSON.stringify(rows)).not.toContain(token);
  expect(JSON.stringify(rows)).not.toContain(Buffer.from(token, "base64url").toString("hex"));
});
