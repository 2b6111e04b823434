import { generateAuthenticationOptions } from "@simplewebauthn/server";
import { eq } from "drizzle-orm";
import {
  issuePasskeyChallenge,
  passkeyChallengeSeconds,
  type PasskeyPurpose,
} from "@/lib/access/passkeys/passkey-challenge";
import { requireRelyingParty } from "@/lib/access/sign-in/relying-party";
import { AppError } from "@/lib/core/errors";
import type { Transaction } from "@/lib/db/client";
import { passkeys } from "@/lib/db/schema";

/**
 * The options for `navigator.credentials.get`, as JSON: any of the person's passkeys, or any that the authenticator has
 * of this portal. @throws AppError `passkeys_unavailable`, `not_found` (the person has none), `too_many_requests`
 */
export async function passkeyRequest(tx: Transaction, purpose: PasskeyPurpose, ipAddress: string | null) {
  const party = requireRelyingParty();
  const allowCredentials = purpose.userId === null ? undefined : await passkeysOf(tx, purpose.userId);
  const challenge = await issuePasskeyChallenge(tx, purpose, ipAddress);
  return generateAuthenticationOptions({
    ...{ rpID: party.id, challenge, timeout: passkeyChallengeSeconds * 1000 },
    ...{ userVerification: "required", allowCredentials },
  });
}

async function passkeysOf(tx: Transaction, userId: string) {
  const own = await tx
    .select({ id: passkeys.credentialId, transports: passkeys.transports })
    .from(passkeys)
    .where(eq(passkeys.userId, userId));
  if (own.length === 0) throw new AppError("not_found", "no passkey");
  return own;
}
