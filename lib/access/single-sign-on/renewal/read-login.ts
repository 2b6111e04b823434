import { and, eq, isNull, sql } from "drizzle-orm";
import { z } from "zod";
import type { ProviderTokens } from "@/lib/access/single-sign-on/ask-provider";
import { decryptField } from "@/lib/core/crypto/field-encryption";
import { sessions, ssoIdentities, ssoLogins } from "@/lib/db/schema";
import { query } from "@/lib/operation/operation";

/** A sign-in at the provider that may still be open, as the job needs it to ask again. Null: it has ended. */
export const readLogin = query({
  permission: "single-sign-on:renew",
  input: z.object({ loginId: z.uuid() }),
  run: async ({ db, input: { loginId } }) => {
    const [login] = await db
      .select({
        tokens: ssoLogins.tokens,
        confirmedAt: ssoLogins.confirmedAt,
        issuer: ssoIdentities.issuer,
        subjectDigest: ssoIdentities.subjectDigest,
        /** A session of it is open, or may still begin with its ticket. */
        isNeeded: sql<boolean>`${ssoLogins.createdAt} > now() - interval '5 minutes' or exists (select from ${sessions}
          where ${sessions.ssoLoginId} = ${ssoLogins.id} and ${sessions.endedAt} is null
          and ${sessions.expiresAt} > now())`,
      })
      .from(ssoLogins)
      .innerJoin(ssoIdentities, eq(ssoIdentities.id, ssoLogins.identityId))
      .where(and(eq(ssoLogins.id, loginId), isNull(ssoLogins.endedAt)));
    if (!login?.tokens) return null;
    const tokens = JSON.parse(decryptField("sso_login.tokens", login.tokens)) as ProviderTokens;
    return { ...login, tokens };
  },
});

export type OpenLogin = NonNullable<Awaited<ReturnType<typeof readLogin>>>;
