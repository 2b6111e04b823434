import { generateSecret, generateURI, verify } from "otplib";

/** What every authenticator app assumes: SHA-1, six digits, 30 seconds (RFC 6238). */
const stepSeconds = 30;

/** A new secret: 160 bits in base32. */
export const newTotpSecret = (): string => generateSecret({ length: 20 });

/** What an authenticator app reads from the QR code. */
export const totpUri = (issuer: string, label: string, secret: string): string =>
  generateURI({ issuer, label, secret, period: stepSeconds });

/**
 * The time step that a code belongs to: this one, the one before or the one after, as clocks of telephones differ.
 * @param epoch seconds since 1970 by the database's clock.
 * @returns null if the code belongs to none of them, or is no code.
 */
export async function matchingStep(secret: string, code: string, epoch: number): Promise<number | null> {
  const token = code.replace(/\s/g, "");
  // otplib throws for what is no code.
  if (!/^\d{6}$/.test(token)) return null;
  const verified = await verify({ secret, token, epoch, period: stepSeconds, epochTolerance: stepSeconds });
  return verified.valid && "timeStep" in verified ? verified.timeStep : null;
}
