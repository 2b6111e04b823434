import { and, eq, isNull } from "drizzle-orm";
import { z } from "zod";
import { maySignInLocally } from "@/lib/access/sign-in/local-sign-in";
import type { Transaction } from "@/lib/db/client";
import { ssoLogins, users } from "@/lib/db/schema";
import { AppError } from "@/lib/core/errors";
import { command } from "@/lib/operation/operation";
import { newSession } from "@/lib/access/sign-in/new-session";
import { askSecondStep } from "@/lib/access/sign-in/ask-second-step";
import { factorKindsOf } from "@/lib/access/sign-in/second-factor-state";
import { takeSignInTicket, type ProvedSignIn } from "@/lib/access/sign-in/sign-in-ticket";

/**
 * Starts the session of a sign-in that ended in a ticket (second step, passkey, single sign-on). A person with a second
 * factor whom the provider asked for one factor only gets none yet: `second_step_needed` has a challenge.
 * @throws AppError `sign_in_expired`: the ticket is unknown, expired or used, the person is not active any more, or the
 *   provider has ended the sign-in; `local_sign_in_off`; `second_step_needed` with
 *   `secondStep`.
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
  audits: ["session.started", "session.second_step_asked"],
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
    const factors = isOneFactor(proved) ? await factorKindsOf(tx, proved.userId) : [];
    if (factors.length > 0) return askSecondStep(tx, proved, factors, input.userAgent);
    const browser = { ...input, ipAddress: context.ipAddress };
    const { sessionId, deviceToken, started } = await newSession(tx, proved, browser);
    return { result: { sessionId, userId: proved.userId, deviceToken }, audits: [started] };
  },
});

const isOneFactor = ({ methods }: ProvedSignIn) => methods.length === 1 && methods[0] === "sso";

/** Keeps the sign-in at the provider open until the session is there: whoever ends it then finds the session. */
async function holdLogin(tx: Transaction, loginId: string): Promise<void> {
  const isOpen = and(eq(ssoLogins.id, loginId), isNull(ssoLogins.endedAt));
  const [login] = await tx.select({ id: ssoLogins.id }).from(ssoLogins).where(isOpen).for("share");
  if (!login) throw new AppError("sign_in_expired", "the provider has ended the sign-in");
}
