import { and, eq, isNull } from "drizzle-orm";
import { z } from "zod";
import { maySignInLocally } from "@/lib/access/sign-in/local-sign-in";
import type { Transaction } from "@/lib/db/client";
import { ssoLogins, users } from "@/lib/db/schema";
import { AppError } from "@/lib/core/errors";
import { command } from "@/lib/operation/operation";
import { newSession } from "@/lib/access/sign-in/new-session";
import { takeSignInTicket } from "@/lib/access/sign-in/sign-in-ticket";

/**
 * Starts the session of a sign-in that ended in a ticket (second step, passkey, single sign-on).
 * @throws AppError `sign_in_expired`: the ticket is unknown, expired or used, the person is not active any more, or the
 *   provider has ended the sign-in; `local_sign_in_off`.
 */
export const startSessionByTicket = command({
  permission: "session:start",
  input: z.object({
    token: z.string().min(1).max(100),
    /** The User-Agent of the browser. */
    userAgent: z.string().nullish(),
    /** The cookie of a known device. */
    deviceToken: z.string().nullish(),
  }),
  audits: ["session.started"],
  run: async ({ tx, input, context }) => {
    const proved = await takeSignInTicket(tx, input.token);
    if (!proved) throw new AppError("sign_in_expired", "no valid sign-in ticket");
    const [user] = await tx
      .select({ active: users.active, breakGlass: users.breakGlass })
      .from(users)
      .where(eq(users.id, proved.userId));
    if (!user?.active) throw new AppError("sign_in_expired", "the person is not active");
    if (proved.ssoLoginId) await holdLogin(tx, proved.ssoLoginId);
    else if (!(await maySignInLocally(tx, user))) throw new AppError("local_sign_in_off");
    const browser = { ...input, ipAddress: context.ipAddress };
    const { sessionId, deviceToken, started } = await newSession(tx, proved, browser);
    return { result: { sessionId, userId: proved.userId, deviceToken }, audits: [started] };
  },
});

/** Keeps the sign-in at the provider open until the session is there: whoever ends it then finds the session. */
async function holdLogin(tx: Transaction, loginId: string): Promise<void> {
  const isOpen = and(eq(ssoLogins.id, loginId), isNull(ssoLogins.endedAt));
  const [login] = await tx.select({ id: ssoLogins.id }).from(ssoLogins).where(isOpen).for("share");
  if (!login) throw new AppError("sign_in_expired", "the provider has ended the sign-in");
}
