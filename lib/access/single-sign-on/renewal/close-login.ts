import { eq } from "drizzle-orm";
import { z } from "zod";
import { endLogins } from "@/lib/access/single-sign-on/logins/end-logins";
import { ssoLogins } from "@/lib/db/schema";
import { command } from "@/lib/operation/operation";

/** Closes a sign-in at the provider whose sessions have all ended, and erases its tokens. */
export const closeLogin = command({
  permission: "single-sign-on:renew",
  input: z.object({ loginId: z.uuid() }),
  audits: [],
  run: async ({ tx, input: { loginId } }) => {
    await endLogins(tx, eq(ssoLogins.id, loginId));
    return { result: null, unchanged: true as const };
  },
});
