import { z } from "zod";
import { enqueueAccountMail } from "@/lib/access/sessions/account-mail";
import { sendsMail } from "@/lib/access/sessions/account-message";
import { takeUse } from "@/lib/access/sign-in/sign-in-throttle";
import { blindIndex } from "@/lib/core/crypto/blind-index";
import { AppError } from "@/lib/core/errors";
import { command, refuseUnrecorded } from "@/lib/operation/operation";

const perAccount = { most: 3, seconds: 3600 };
const perAddress = { most: 20, seconds: 3600 };

/**
 * Has a link for a new password mailed, if an active person has this e-mail. The answer and the work are the same if
 * not. At most three an hour for one e-mail: what exceeds that is answered alike and sends nothing.
 * @throws AppError `no_mail_server`; `too_many_requests` for an address that asks for many.
 */
export const requestPasswordReset = command({
  permission: "password-link:request",
  input: z.object({ email: z.string().trim().toLowerCase().min(1).max(254) }),
  audits: [],
  run: async ({ tx, input: { email }, context: { ipAddress } }) => {
    if (!sendsMail()) throw new AppError("no_mail_server", "passwords are not reset by mail here");
    const wait = ipAddress ? await takeUse(tx, blindIndex("password_reset_address", ipAddress), perAddress) : 0;
    if (wait > 0) return refuseUnrecorded(new AppError("too_many_requests", "resets", { retryAfterSeconds: wait }));
    const isWithin = (await takeUse(tx, blindIndex("password_reset_account", email), perAccount)) === 0;
    if (isWithin) await enqueueAccountMail(tx, email, "reset");
    return { result: null, unchanged: true as const };
  },
});
