import { asc, eq } from "drizzle-orm";
import { z } from "zod";
import { readRules } from "@/lib/access/single-sign-on/claims/rule-rows";
import { fitBreakGlass, isLocalSignInOff } from "@/lib/access/sign-in/local-sign-in";
import { logoutAddress, redirectAddress, ssoSettings } from "@/lib/access/single-sign-on/provider";
import { singleSignOn, users } from "@/lib/db/schema";
import { query } from "@/lib/operation/operation";

/** What the settings page shows: the provider of the environment, the table, and who signs in how. */
export const readSingleSignOn = query({
  permission: "single-sign-on:read",
  input: z.object({}),
  run: async ({ db }) => {
    const settings = ssoSettings();
    const [row] = await db.select().from(singleSignOn);
    const breakGlass = await db
      .select({ id: users.id, name: users.name })
      .from(users)
      .where(eq(users.breakGlass, true))
      .orderBy(asc(users.name));
    const isProved = settings !== null && row?.provenIssuer === settings.issuer;
    const fit = await db.$count(users, fitBreakGlass);
    return {
      provider: settings && {
        ...{ issuer: settings.issuer, clientId: settings.clientId, scope: settings.scope },
        ...{ redirectAddress: redirectAddress(), logoutAddress: logoutAddress() },
      },
      rules: await readRules(db),
      isLinking: settings !== null && row?.linkingIssuer === settings.issuer,
      /** Since when an administrator has signed in by this provider; null: never. */
      provenAt: isProved ? row.provenAt : null,
      isLocalSignInOff: await isLocalSignInOff(db),
      breakGlass,
      /** What local sign-in may not be switched off without. */
      missing: [...(isProved ? [] : (["proof"] as const)), ...(fit > 0 ? [] : (["breakGlass"] as const))],
    };
  },
});

export type SingleSignOnView = Awaited<ReturnType<typeof readSingleSignOn>>;
