import { z } from "zod";
import { passkeyRequest } from "@/lib/access/passkeys/passkey-request";
import { command } from "@/lib/operation/operation";

/**
 * Asks for a passkey of this portal, whose it may be, for a sign-in without a password: `completePasskeySignIn`.
 * @returns the options for `navigator.credentials.get`, as JSON; the same for everybody but for the challenge.
 * @throws AppError `passkeys_unavailable`; `too_many_requests` for an address that asks for many.
 */
export const beginPasskeySignIn = command({
  permission: "session:start",
  input: z.object({}),
  audits: [],
  run: async ({ tx, context }) => {
    const purpose = { use: "sign_in" as const, userId: null, boundTo: "" };
    return { result: await passkeyRequest(tx, purpose, context.ipAddress), unchanged: true as const };
  },
});
