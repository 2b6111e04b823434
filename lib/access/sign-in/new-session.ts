import Bowser from "bowser";
import { and, asc, desc, eq, inArray, sql } from "drizzle-orm";
import { auditEvent } from "@/lib/operation/audit-event";
import { rememberDevice } from "@/lib/access/sessions/known-device";
import { reportNewDevice } from "@/lib/access/sessions/new-device-message";
import { isOpenSession, maxSessions } from "@/lib/access/sessions/session-limits";
import { encryptField } from "@/lib/core/crypto/field-encryption";
import type { Transaction } from "@/lib/db/client";
import { sessions } from "@/lib/db/schema";
import { transactionNow } from "@/lib/db/schema/columns";
import { newId } from "@/lib/core/new-id";
import type { ProvedSignIn } from "@/lib/access/sign-in/sign-in-ticket";

/** A working day. Sessions are not extended by use: the next day starts with a sign-in. */
export const sessionSeconds = 12 * 60 * 60;

/** What is known of the browser that signs in: its User-Agent, its address, and the cookie of a known device. */
export type SigningBrowser = { userAgent?: string | null; ipAddress?: string | null; deviceToken?: string | null };

/**
 * Inserts the session of a person who has just proved who they are, remembers the browser, and ends the oldest
 * sessions that are too many. The person gets an e-mail about a new browser.
 * @returns the session's id, the token of the device cookie, and the event to return.
 */
export async function newSession(
  tx: Transaction,
  { userId, methods, ssoLoginId = null }: ProvedSignIn,
  browser: SigningBrowser,
) {
  // Serialises the sign-ins of one person, so that together they stay within the limit.
  await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended(${`sessions of ${userId}`}, 0))`);
  const sessionId = newId();
  const names = browserNames(browser.userAgent ?? "");
  const device = await rememberDevice(tx, userId, browser.deviceToken);
  if (device.isNew) await reportNewDevice(tx, { userId, sessionId, ...names });
  const sessionsEnded = await endOldest(tx, userId);
  await tx.insert(sessions).values({
    ...{ id: sessionId, userId, methods, provedAt: transactionNow, lastUsedAt: transactionNow, ...names },
    ssoLoginId,
    addressEncrypted: browser.ipAddress ? encryptField("session.address", browser.ipAddress) : null,
    deviceId: device.deviceId,
    expiresAt: sql`${transactionNow} + make_interval(secs => ${sessionSeconds})`,
  });
  const started = auditEvent("session.started", {
    target: { type: "user", id: userId },
    details: { sessionId, signInMethods: methods, ...names, newDevice: device.isNew, sessionsEnded },
  });
  return { sessionId, deviceToken: device.token, started };
}

/** Leaves room for one more session: of the others the least recently begun end. @returns how many ended. */
async function endOldest(tx: Transaction, userId: string): Promise<number> {
  const isOpen = and(eq(sessions.userId, userId), isOpenSession());
  const tooMany = tx
    .select({ id: sessions.id })
    .from(sessions)
    .where(isOpen)
    .orderBy(desc(sessions.createdAt), asc(sessions.id))
    .offset(sql`(${maxSessions} - 1)` as unknown as number);
  const ended = await tx
    .update(sessions)
    .set({ endedAt: transactionNow })
    .where(inArray(sessions.id, tooMany))
    .returning({ id: sessions.id });
  return ended.length;
}

/**
 * The names of browser and operating system, "Chrome 156" and "Linux", for the log. Null if the table of the library
 * does not have them: what anybody may send as User-Agent is no text of the log.
 */
export function browserNames(userAgent: string): { browser: string | null; operatingSystem: string | null } {
  const { browser, os } = Bowser.parse(userAgent.slice(0, 1024) || "none");
  const isBrowser = Object.values<string | undefined>(Bowser.BROWSER_MAP).includes(browser.name);
  const isSystem = Object.values<string | undefined>(Bowser.OS_MAP).includes(os.name);
  const major = /^\d{1,5}/.exec(browser.version ?? "")?.[0];
  return {
    browser: isBrowser ? [browser.name, major].filter(Boolean).join(" ") : null,
    operatingSystem: isSystem ? os.name! : null,
  };
}
