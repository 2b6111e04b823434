import { z } from "zod";
import { ssoSettings } from "@/lib/access/single-sign-on/provider";
import { isLocalSignInOff } from "@/lib/access/sign-in/local-sign-in";
import { relyingParty } from "@/lib/access/sign-in/relying-party";
import { query } from "@/lib/operation/operation";

/** Which ways the sign-in page offers. */
export const readSignInWays = query({
  permission: "session:start",
  input: z.object({}),
  run: async ({ db }) => ({
    hasSingleSignOn: ssoSettings() !== null,
    hasPasskeys: relyingParty() !== null,
    isLocalSignInOff: await isLocalSignInOff(db),
  }),
});
