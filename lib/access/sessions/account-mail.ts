import { blindIndex } from "@/lib/core/crypto/blind-index";
import type { Transaction } from "@/lib/db/client";
import { enqueueJob } from "@/lib/jobs/enqueue-job";
import { sendsMail } from "@/lib/access/sessions/account-message";

/** Each time that an account name has met this many failures in a row from unknown devices. */
const warnEvery = 10;

/** How an account is named in the payload of a job. */
export const accountDigest = (email: string) => blindIndex("sign_in_account", email).toString("hex");

/**
 * Has a mail sent to the person with this e-mail, if there is one. The job finds that out, so that a request does the
 * same work for existing and unknown accounts.
 */
export async function enqueueAccountMail(tx: Transaction, email: string, purpose: "reset" | "failures"): Promise<void> {
  const account = accountDigest(email);
  await enqueueJob(tx, { kind: "account_mail", key: `${purpose}:${account}`, payload: { purpose, account } });
}

/** Has the person warned when strangers guess their password. */
export async function enqueueFailureWarning(tx: Transaction, email: string, failures: number): Promise<void> {
  if (failures > 0 && failures % warnEvery === 0 && sendsMail()) await enqueueAccountMail(tx, email, "failures");
}
