import { browserNames } from "@/lib/access/sign-in/new-session";
import { issueSignInChallenge } from "@/lib/access/sign-in/sign-in-challenge";
import type { ProvedSignIn } from "@/lib/access/sign-in/sign-in-ticket";
import { AppError } from "@/lib/core/errors";
import type { Transaction } from "@/lib/db/client";
import type { SecondFactorKind } from "@/lib/db/schema";
import { auditEvent } from "@/lib/operation/audit-event";
import { refuse } from "@/lib/operation/operation";

/** The first step was right and starts no session: `second_step_needed` has a challenge for the second. */
export async function askSecondStep(
  tx: Transaction,
  proved: ProvedSignIn,
  factors: SecondFactorKind[],
  userAgent: string | null | undefined,
) {
  const challenge = await issueSignInChallenge(tx, proved);
  const needed = new AppError("second_step_needed", "first step right", { secondStep: { challenge, factors } });
  const target = { type: "user", id: proved.userId };
  return refuse(needed, auditEvent("session.second_step_asked", { target, details: browserNames(userAgent ?? "") }));
}
