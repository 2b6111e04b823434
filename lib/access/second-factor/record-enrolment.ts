import { recordProof } from "@/lib/access/second-factor/own-session";
import { makeRecoveryCodes, recoveryCodesLeft } from "@/lib/access/second-factor/recovery-codes";
import { mailAboutFactors } from "@/lib/access/second-factor/factor-mail";
import { endSessions } from "@/lib/access/sessions/end-sessions";
import type { Transaction } from "@/lib/db/client";
import type { SecondFactorKind } from "@/lib/db/schema";
import type { UserActor } from "@/lib/operation/actor";
import { auditEvent } from "@/lib/operation/audit-event";

/** What follows each new factor: proof, other sessions ended, recovery codes with the first, mail, event. */
export async function recordEnrolment(tx: Transaction, user: UserActor, factor: SecondFactorKind) {
  const { userId, sessionId } = user;
  await recordProof(tx, user, factor);
  const sessionsEnded = await endSessions(tx, userId, { except: sessionId });
  const isFirst = (await recoveryCodesLeft(tx, userId)) === 0;
  const recoveryCodes = isFirst ? await makeRecoveryCodes(tx, userId) : null;
  await mailAboutFactors(tx, userId, "second_factor_added");
  const target = { type: "user", id: userId };
  const enrolled = auditEvent("second_factor.enrolled", { target, details: { factor, sessionsEnded } });
  return { result: { recoveryCodes, sessionsEnded }, audits: [enrolled] as const };
}
