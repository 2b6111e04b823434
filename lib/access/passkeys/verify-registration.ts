import { verifyRegistrationResponse, type VerifiedRegistrationResponse } from "@simplewebauthn/server";
import { decodeAttestationObject } from "@simplewebauthn/server/helpers";
import type { PasskeyRegistration } from "@/lib/access/passkeys/passkey-response";
import type { RelyingParty } from "@/lib/access/sign-in/relying-party";

/** EdDSA, ES256 and RS256, by their numbers in COSE. */
export const passkeyAlgorithms = [-8, -7, -257];

/**
 * Checks the answer of an authenticator that made a passkey (WebAuthn Level 3, § 7.1). Its challenge is checked before.
 * @returns null if anything is wrong.
 */
export async function verifyRegistration(
  { challenge, response, ...sent }: PasskeyRegistration,
  party: RelyingParty,
): Promise<NonNullable<VerifiedRegistrationResponse["registrationInfo"]> | null> {
  try {
    if (hasCertificate(response.attestationObject)) return null;
    const { registrationInfo } = await verifyRegistrationResponse({
      response: { ...sent, response, clientExtensionResults: {} },
      ...{ expectedChallenge: challenge, expectedOrigin: party.origin, expectedRPID: party.id },
      ...{ requireUserVerification: true, supportedAlgorithmIDs: passkeyAlgorithms },
    });
    return registrationInfo?.credential.id === sent.id ? registrationInfo : null;
  } catch {
    return null;
  }
}

/**
 * With the conveyance `none` browsers send no attestation, or one by the passkey's own key. Anything else is forged:
 * the library would fetch the revocation lists that its certificates name.
 */
function hasCertificate(attestationObject: string): boolean {
  const decoded = decodeAttestationObject(new Uint8Array(Buffer.from(attestationObject, "base64url")));
  const [format, statement] = [decoded.get("fmt"), decoded.get("attStmt")];
  return format !== "none" && (format !== "packed" || statement.get("x5c") !== undefined);
}
