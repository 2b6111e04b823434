import { askAgain } from "@/lib/access/single-sign-on/renewal/ask-again";
import { checkEveryMs } from "@/lib/access/single-sign-on/logins/check-interval";
import { closeLogin } from "@/lib/access/single-sign-on/renewal/close-login";
import { readLogin } from "@/lib/access/single-sign-on/renewal/read-login";
import { renewLogin } from "@/lib/access/single-sign-on/renewal/renew-login";
import { retryDelayMs } from "@/lib/core/retry-delay";
import type { JobHandler } from "@/lib/jobs/job-handler";
import { jobContext } from "@/lib/operation/job-context";

/**
 * Asks the provider whether it still knows who signed in there, every quarter of an hour for as long as a session is
 * open. A provider that does not answer ends nobody, and is asked again after 1, 2, 4, 8 and then every 14 minutes.
 * A process that dies after the provider renewed the tokens leaves the old ones: the provider then refuses them, and
 * the person signs in again.
 */
export const signOnCheckJob: JobHandler<"sign_on_check"> = {
  concurrency: 4,
  maxTries: Infinity,
  timeLimitMs: 60_000,
  retryDelayMs: (tries) => retryDelayMs(tries, checkEveryMs),
  run: async ({ payload: { loginId } }) => {
    const context = jobContext("single-sign-on");
    const login = await readLogin(context, { loginId });
    if (!login) return;
    if (!login.isNeeded) return void (await closeLogin(context, { loginId }));
    const answer = await askAgain(login);
    if (answer.state === "failed") return { failure: answer.code };
    const { isOpen } = await renewLogin(context, { loginId, confirmedAt: login.confirmedAt, answer });
    return isOpen ? { again: checkEveryMs } : undefined;
  },
};
