import { verifyAuthenticationResponse } from "@simplewebauthn/server";
import { eq } from "drizzle-orm";
import { takePasskeyChallenge, type PasskeyPurpose } from "@/lib/access/passkeys/passkey-challenge";
import { userHandle, type PasskeyAssertion } from "@/lib/access/passkeys/passkey-response";
import { requireRelyingParty } from "@/lib/access/sign-in/relying-party";
import type { Transaction } from "@/lib/db/client";
import { passkeys } from "@/lib/db/schema";
import { transactionNow } from "@/lib/db/schema/columns";

/** `counter`: signature and challenge are right, but the authenticator's counter went back: there may be a copy. */
export type PasskeyProblem = "refused" | "counter";

/** `userId`: whose passkey answered this challenge; null if the challenge or the passkey is unknown. */
export type CheckedPasskey =
  | { isRight: true; userId: string }
  | { isRight: false; userId: string | null; problem: PasskeyProblem };

/**
 * Checks the answer of an authenticator (WebAuthn Level 3, § 7.2), records the use, and uses the challenge up, also for
 * a wrong answer. @throws AppError `passkeys_unavailable`
 */
export async function checkPasskey(
  tx: Transaction,
  sent: PasskeyAssertion,
  purpose: PasskeyPurpose,
): Promise<CheckedPasskey> {
  const party = requireRelyingParty();
  if (!(await takePasskeyChallenge(tx, sent.challenge, purpose))) return refused(null);
  const [passkey] = await tx.select().from(passkeys).where(eq(passkeys.credentialId, sent.id)).for("update");
  if (!passkey) return refused(null);
  const { userId } = passkey;
  if (!isOwner(userId, sent, purpose)) return refused(userId);
  const verified = await verify(sent, passkey, { expectedOrigin: party.origin, expectedRPID: party.id });
  if (!verified) return refused(userId);
  const { newCounter, credentialBackedUp } = verified;
  // Zero for ever: synchronised passkeys count nothing. Anything else rises with each use.
  if (passkey.counter > 0 && newCounter <= passkey.counter) return { isRight: false, userId, problem: "counter" };
  await tx
    .update(passkeys)
    .set({ counter: newCounter, isBackedUp: credentialBackedUp, lastUsedAt: transactionNow })
    .where(eq(passkeys.id, passkey.id));
  return { isRight: true, userId };
}

const refused = (userId: string | null) => ({ isRight: false as const, userId, problem: "refused" as const });

/** Without a person who was named before, the authenticator names the owner. */
function isOwner(userId: string, { response }: PasskeyAssertion, purpose: PasskeyPurpose): boolean {
  const handle = Buffer.from(userHandle(userId)).toString("base64url");
  if (purpose.userId === null) return response.userHandle === handle;
  return purpose.userId === userId && (response.userHandle ?? handle) === handle;
}

async function verify(
  { challenge, response, ...sent }: PasskeyAssertion,
  passkey: typeof passkeys.$inferSelect,
  expected: { expectedOrigin: string; expectedRPID: string },
) {
  const { credentialId, publicKey } = passkey;
  const answer = { ...response, userHandle: response.userHandle ?? undefined };
  try {
    const { verified, authenticationInfo } = await verifyAuthenticationResponse({
      response: { ...sent, response: answer, clientExtensionResults: {} },
      ...{ ...expected, expectedChallenge: challenge, requireUserVerification: true },
      // 0: the library would refuse a counter that went back before it checks the signature.
      credential: { id: credentialId, publicKey: new Uint8Array(publicKey), counter: 0 },
    });
    return verified ? authenticationInfo : null;
  } catch {
    return null;
  }
}
