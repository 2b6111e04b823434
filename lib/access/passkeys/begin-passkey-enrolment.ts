import { generateRegistrationOptions } from "@simplewebauthn/server";
import { eq } from "drizzle-orm";
import { z } from "zod";
import { issuePasskeyChallenge, passkeyChallengeSeconds } from "@/lib/access/passkeys/passkey-challenge";
import { userHandle } from "@/lib/access/passkeys/passkey-response";
import { passkeyAlgorithms } from "@/lib/access/passkeys/verify-registration";
import { lockOwnRow, userOnly } from "@/lib/access/second-factor/own-session";
import { requireRelyingParty } from "@/lib/access/sign-in/relying-party";
import { AppError } from "@/lib/core/errors";
import { singleLine } from "@/lib/core/text-input";
import type { Transaction } from "@/lib/db/client";
import { passkeys } from "@/lib/db/schema";
import { command } from "@/lib/operation/operation";

const mostPasskeys = 10;

/**
 * Asks the actor's authenticator for a passkey. It counts once `confirmPasskeyEnrolment` got it.
 * @param input `name`: as there, so that no passkey is made for a name that is refused
 * @returns the options for `navigator.credentials.create`, as JSON.
 * @throws AppError `passkeys_unavailable`, `too_many_passkeys`, `too_many_requests`
 */
export const beginPasskeyEnrolment = command({
  permission: "second-factor:enrol",
  freshProof: true,
  input: z.object({ name: singleLine(60) }),
  audits: [],
  run: async ({ tx, actor, context }) => {
    const party = requireRelyingParty();
    const { userId, sessionId } = userOnly(actor);
    const { email, name } = await lockOwnRow(tx, userOnly(actor));
    const own = await ownPasskeys(tx, userId);
    const challenge = await issuePasskeyChallenge(
      tx,
      { use: "register", userId, boundTo: sessionId },
      context.ipAddress,
    );
    const options = await generateRegistrationOptions({
      ...{ rpID: party.id, rpName: party.name, challenge, timeout: passkeyChallengeSeconds * 1000 },
      ...{ userID: userHandle(userId), userName: email, userDisplayName: name },
      attestationType: "none",
      authenticatorSelection: { residentKey: "required", userVerification: "required" },
      excludeCredentials: own,
      supportedAlgorithmIDs: passkeyAlgorithms,
    });
    return { result: options, unchanged: true as const };
  },
});

/** A person's passkeys, as browsers name them. @throws AppError `too_many_passkeys` if there is no room for another. */
export async function ownPasskeys(tx: Transaction, userId: string) {
  const own = await tx
    .select({ id: passkeys.credentialId, transports: passkeys.transports })
    .from(passkeys)
    .where(eq(passkeys.userId, userId));
  if (own.length >= mostPasskeys) throw new AppError("too_many_passkeys");
  return own;
}
