import { eq } from "drizzle-orm";
import { z } from "zod";
import { singleSignOn } from "@/lib/db/schema";
import { auditEvent } from "@/lib/operation/audit-event";
import { command } from "@/lib/operation/operation";

/** Lets everybody sign in with the password again. For an operator in the server's terminal. */
export const restoreLocalSignIn = command({
  permission: "single-sign-on:restore-local",
  input: z.object({}),
  audits: ["single_sign_on.local_sign_in_changed"],
  run: async ({ tx }) => {
    const changed = await tx
      .update(singleSignOn)
      .set({ localSignIn: true })
      .where(eq(singleSignOn.localSignIn, false))
      .returning({ name: singleSignOn.name });
    if (changed.length === 0) return { result: { changed: false }, unchanged: true as const };
    const details = { enabled: true };
    return {
      result: { changed: true },
      audits: [auditEvent("single_sign_on.local_sign_in_changed", { details })],
    };
  },
});
