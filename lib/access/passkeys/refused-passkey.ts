import type { PasskeyProblem } from "@/lib/access/passkeys/check-passkey";
import { failed } from "@/lib/access/second-factor/check-proof";
import { mailAboutFactors } from "@/lib/access/second-factor/factor-mail";
import { AppError } from "@/lib/core/errors";
import type { Transaction } from "@/lib/db/client";
import { auditEvent } from "@/lib/operation/audit-event";
import { refuse } from "@/lib/operation/operation";

/** Ends a command of a person whose passkey was refused. */
export async function refusedProof(tx: Transaction, userId: string, problem: PasskeyProblem) {
  return problem === "counter" ? refusedCounter(tx, userId) : failed(userId, "passkey", passkeyRefused());
}

/** Ends a command at a passkey of which there may be a copy: the person gets an e-mail. */
export async function refusedCounter(tx: Transaction, userId: string) {
  await mailAboutFactors(tx, userId, "passkey_counter_refused");
  const about = { outcome: "denied" as const, target: { type: "user", id: userId } };
  return refuse(passkeyRefused(), auditEvent("second_factor.counter_refused", about));
}

/** One answer for all reasons: the log of the audit has what may be known. */
export const passkeyRefused = () => new AppError("passkey_refused");
