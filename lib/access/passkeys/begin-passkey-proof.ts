import { z } from "zod";
import { passkeyRequest } from "@/lib/access/passkeys/passkey-request";
import { userOnly } from "@/lib/access/second-factor/own-session";
import { command } from "@/lib/operation/operation";

/**
 * Asks the actor's passkeys for a fresh proof, which `proveByPasskey` takes from the same session.
 * @returns the options for `navigator.credentials.get`, as JSON.
 * @throws AppError `passkeys_unavailable`, `not_found` (the actor has none), `too_many_requests`
 */
export const beginPasskeyProof = command({
  permission: "account:prove",
  input: z.object({}),
  audits: [],
  run: async ({ tx, actor, context }) => {
    const { userId, sessionId } = userOnly(actor);
    const options = await passkeyRequest(tx, { use: "prove", userId, boundTo: sessionId }, context.ipAddress);
    return { result: options, unchanged: true as const };
  },
});
