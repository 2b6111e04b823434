import Bowser from "bowser";
import { eq, sql } from "drizzle-orm";
import { transactionNow } from "@/lib/db/schema/columns";
import { z } from "zod";
import { auditEvent } from "@/lib/operation/audit-event";
import { takeDenialQuota } from "@/lib/operation/denial-quota";
import { hashPassword, verifyPassword } from "@/lib/access/sign-in/passwords";
import { clearFailures, countAttempt, recordFailure, throttleKeys } from "@/lib/access/sign-in/sign-in-throttle";
import type { Transaction } from "@/lib/db/client";
import { sessions, users } from "@/lib/db/schema";
import { AppError } from "@/lib/core/errors";
import { newId } from "@/lib/core/new-id";
import { command, refuse, refuseUnrecorded } from "@/lib/operation/operation";

/** A working day. Sessions are not extended by use: the next day starts with a sign-in. */
export const sessionSeconds = 12 * 60 * 60;

/**
 * Signs a user in with e-mail and password. Failures are slowed and then locked per account name and per address, the
 * same for existing and unknown accounts. Each event has the address and the names of browser and system.
 * @throws AppError `invalid_credentials`; `locked` with `retryAfterSeconds`.
 */
export const startSession = command({
  permission: "session:start",
  input: z.object({
    email: z.string().trim().toLowerCase().min(1).max(254),
    password: z.string().min(1).max(1024),
    /** The User-Agent of the browser. */
    userAgent: z.string().nullish(),
  }),
  audits: ["session.started", "session.start_failed", "session.start_locked"],
  run: async ({ tx, input, context }) => {
    const keys = throttleKeys(input.email, context.ipAddress);
    const wait = await countAttempt(tx, keys);
    const user = await findUser(tx, input.email);
    const target = user && { type: "user", id: user.id };
    const browser = browserNames(input.userAgent ?? "");
    if (wait > 0) {
      const refusal = new AppError("locked", "sign-in locked", { retryAfterSeconds: wait });
      if (!takeFailureQuota("locked", user?.id)) return refuseUnrecorded(refusal);
      return refuse(refusal, auditEvent("session.start_locked", { outcome: "denied", target, details: browser }));
    }
    const matches = await verifyPassword(user?.passwordHash ?? (await absentAccountHash()), input.password);
    if (!user || !matches || !user.active) {
      await recordFailure(tx, keys);
      const refusal = new AppError("invalid_credentials");
      // An existing account has few failures, because it is soon locked. Unknown names are unlimited.
      if (!user && !takeFailureQuota("unknown")) return refuseUnrecorded(refusal);
      return refuse(refusal, auditEvent("session.start_failed", { outcome: "failure", target, details: browser }));
    }
    await clearFailures(tx, keys);
    const sessionId = newId();
    await tx.insert(sessions).values({
      id: sessionId,
      userId: user.id,
      expiresAt: sql`${transactionNow} + make_interval(secs => ${sessionSeconds})`,
    });
    return {
      result: { sessionId, userId: user.id },
      audits: [auditEvent("session.started", { target, details: { sessionId, ...browser } })],
    };
  },
});

/**
 * The names of browser and operating system, "Chrome 156" and "Linux", for the log. Null if the table of the library
 * does not have them: what anybody may send as User-Agent is no text of the log.
 */
function browserNames(userAgent: string): { browser: string | null; operatingSystem: string | null } {
  const { browser, os } = Bowser.parse(userAgent.slice(0, 1024) || "none");
  const isBrowser = Object.values<string | undefined>(Bowser.BROWSER_MAP).includes(browser.name);
  const isSystem = Object.values<string | undefined>(Bowser.OS_MAP).includes(os.name);
  const major = /^\d{1,5}/.exec(browser.version ?? "")?.[0];
  return {
    browser: isBrowser ? [browser.name, major].filter(Boolean).join(" ") : null,
    operatingSystem: isSystem ? os.name! : null,
  };
}

/**
 * Takes from the event quota of one account, or from the quota that all unknown accounts share, because anyone can
 * cause failed sign-ins.
 */
const takeFailureQuota = (kind: "locked" | "unknown", userId = "nobody") =>
  takeDenialQuota(`sign-in ${kind} ${userId}`);

let absentAccount: Promise<string> | undefined;

/** The hash that the password of an unknown account is compared with, so that the response takes as long. */
const absentAccountHash = () => (absentAccount ??= hashPassword(newId()));

async function findUser(tx: Transaction, email: string) {
  const columns = { id: users.id, active: users.active, passwordHash: users.passwordHash };
  const [user] = await tx
    .select(columns)
    .from(users)
    .where(eq(sql`lower(${users.email})`, email));
  return user;
}
