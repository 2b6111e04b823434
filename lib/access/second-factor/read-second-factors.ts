import { and, asc, eq, isNotNull } from "drizzle-orm";
import { z } from "zod";
import { userOnly } from "@/lib/access/second-factor/own-session";
import { recoveryCodesLeft } from "@/lib/access/second-factor/recovery-codes";
import { relyingParty } from "@/lib/access/sign-in/relying-party";
import { needsSecondFactor } from "@/lib/access/sign-in/second-factor-state";
import { env } from "@/lib/core/env";
import { passkeys, totpFactors, users } from "@/lib/db/schema";
import { query } from "@/lib/operation/operation";

/** The actor's own second factors, whether the role needs one, and whether the portal's origin can have passkeys. */
export const readSecondFactors = query({
  permission: "account:read",
  input: z.object({}),
  run: async ({ db, actor }) => {
    const { userId } = userOnly(actor);
    const { origin } = new URL(env().NEXTAUTH_URL);
    const [user] = await db.select({ isNeeded: needsSecondFactor }).from(users).where(eq(users.id, userId));
    const { id, confirmedAt: enrolledAt, lastUsedAt } = totpFactors;
    const [totp] = await db
      .select({ id, enrolledAt, lastUsedAt })
      .from(totpFactors)
      .where(and(eq(totpFactors.userId, userId), isNotNull(totpFactors.confirmedAt)));
    const own = await db
      .select({ id: passkeys.id, name: passkeys.name, enrolledAt: passkeys.createdAt, lastUsedAt: passkeys.lastUsedAt })
      .from(passkeys)
      .where(eq(passkeys.userId, userId))
      .orderBy(asc(passkeys.createdAt));
    const codesLeft = await recoveryCodesLeft(db, userId);
    const factors = { totp: totp ?? null, passkeys: own, codesLeft };
    return { isNeeded: user?.isNeeded ?? false, hasPasskeys: relyingParty() !== null, origin, ...factors };
  },
});
