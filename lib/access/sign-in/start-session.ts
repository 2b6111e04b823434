import { eq, sql } from "drizzle-orm";
import { z } from "zod";
import { auditEvent } from "@/lib/operation/audit-event";
import { takeDenialQuota } from "@/lib/operation/denial-quota";
import { enqueueFailureWarning } from "@/lib/access/sessions/account-mail";
import { findKnownDevice } from "@/lib/access/sessions/known-device";
import { askSecondStep } from "@/lib/access/sign-in/ask-second-step";
import { browserNames, newSession } from "@/lib/access/sign-in/new-session";
import { maySignInLocally } from "@/lib/access/sign-in/local-sign-in";
import { factorKindsOf } from "@/lib/access/sign-in/second-factor-state";
import type { ProvedSignIn } from "@/lib/access/sign-in/sign-in-ticket";
import { hashPassword, verifyPassword } from "@/lib/access/sign-in/passwords";
import { clearFailures, countAttempt, recordFailure, throttleKeys } from "@/lib/access/sign-in/sign-in-throttle";
import type { Transaction } from "@/lib/db/client";
import { users } from "@/lib/db/schema";
import { AppError } from "@/lib/core/errors";
import { newId } from "@/lib/core/new-id";
import { command, refuse, refuseUnrecorded } from "@/lib/operation/operation";

/**
 * Signs a user in with e-mail and password. Failures are slowed and then locked, the same for existing and unknown
 * accounts; those of strangers never lock a device that the person has signed in from. Each event has the address and
 * the names of browser and system.
 * The right password of a person with a second factor starts no session: `second_step_needed` has a challenge.
 * @throws AppError `invalid_credentials`; `local_sign_in_off`; `locked` with `retryAfterSeconds`; `second_step_needed`
 *   with `secondStep`.
 */
export const startSession = command({
  permission: "session:start",
  input: z.object({
    email: z.string().trim().toLowerCase().min(1).max(254),
    password: z.string().min(1).max(1024),
    /** The User-Agent of the browser. */
    userAgent: z.string().nullish(),
    /** The cookie of a known device. */
    deviceToken: z.string().nullish(),
  }),
  audits: ["session.started", "session.start_failed", "session.start_locked", "session.second_step_asked"],
  run: async ({ tx, input, context }) => {
    const deviceId = await findKnownDevice(tx, input.email, input.deviceToken);
    const keys = throttleKeys(input.email, context.ipAddress, deviceId);
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
      const failures = await recordFailure(tx, keys);
      if (deviceId === null) await enqueueFailureWarning(tx, input.email, failures);
      const refusal = new AppError("invalid_credentials");
      // An existing account has few failures, because it is soon locked. Unknown names are unlimited.
      if (!user && !takeFailureQuota("unknown")) return refuseUnrecorded(refusal);
      return refuse(refusal, auditEvent("session.start_failed", { outcome: "failure", target, details: browser }));
    }
    await clearFailures(tx, keys);
    if (!(await maySignInLocally(tx, user))) {
      const refusal = new AppError("local_sign_in_off");
      return refuse(refusal, auditEvent("session.start_failed", { outcome: "denied", target, details: browser }));
    }
    const factors = await factorKindsOf(tx, user.id);
    const proved: ProvedSignIn = { userId: user.id, methods: ["password"] };
    if (factors.length > 0) return askSecondStep(tx, proved, factors, input.userAgent);
    const { sessionId, deviceToken, started } = await newSession(tx, proved, {
      ...input,
      ipAddress: context.ipAddress,
    });
    return { result: { sessionId, userId: user.id, deviceToken }, audits: [started] };
  },
});

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
  const columns = {
    id: users.id,
    active: users.active,
    passwordHash: users.passwordHash,
    breakGlass: users.breakGlass,
  };
  const [user] = await tx
    .select(columns)
    .from(users)
    .where(eq(sql`lower(${users.email})`, email));
  return user;
}
