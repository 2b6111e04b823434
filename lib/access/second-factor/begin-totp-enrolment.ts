import { and, eq, isNull } from "drizzle-orm";
import { encode } from "uqr";
import { z } from "zod";
import { lockOwnRow, userOnly } from "@/lib/access/second-factor/own-session";
import { newTotpSecret, totpUri } from "@/lib/access/second-factor/totp";
import { encryptField } from "@/lib/core/crypto/field-encryption";
import { env } from "@/lib/core/env";
import { newId } from "@/lib/core/new-id";
import { totpFactors } from "@/lib/db/schema";
import { command } from "@/lib/operation/operation";

/**
 * Makes a secret for the actor's authenticator app. It counts once `confirmTotpEnrolment` got a code of it; until then
 * an earlier app stays. A further call replaces a secret that still waits.
 * @returns the secret in base32, for typing; the QR code as the path of an SVG of `size` by `size` modules.
 */
export const beginTotpEnrolment = command({
  permission: "second-factor:enrol",
  freshProof: true,
  input: z.object({}),
  audits: [],
  run: async ({ tx, actor }) => {
    const { userId, email } = await lockOwnRow(tx, userOnly(actor)).then((row) => ({ ...row, userId: row.id }));
    const secret = newTotpSecret();
    const isWaiting = and(eq(totpFactors.userId, userId), isNull(totpFactors.confirmedAt));
    await tx.delete(totpFactors).where(isWaiting);
    await tx
      .insert(totpFactors)
      .values({ id: newId(), userId, secretEncrypted: encryptField("user.totp_secret", secret) });
    const uri = totpUri(`Custodia ${new URL(env().NEXTAUTH_URL).host}`, email, secret);
    return { result: { secret, qr: qrPath(uri) }, unchanged: true as const };
  },
});

/** Dark modules as squares of one unit, with the quiet zone of four modules. */
function qrPath(text: string): { path: string; size: number } {
  const { data, size } = encode(text, { ecc: "M", border: 4 });
  const squares = data.flatMap((row, y) => row.flatMap((isDark, x) => (isDark ? [`M${x} ${y}h1v1h-1z`] : [])));
  return { path: squares.join(""), size };
}
