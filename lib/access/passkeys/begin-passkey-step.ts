import { z } from "zod";
import { passkeyRequest } from "@/lib/access/passkeys/passkey-request";
import { findSignInChallenge } from "@/lib/access/sign-in/sign-in-challenge";
import { AppError } from "@/lib/core/errors";
import { command } from "@/lib/operation/operation";

/**
 * Asks for a passkey as the second step of a sign-in, which `completePasskeyStep` takes.
 * @returns the options for `navigator.credentials.get`, as JSON.
 * @throws AppError `sign_in_expired`, `passkeys_unavailable`, `not_found` (the person has none), `too_many_requests`
 */
export const beginPasskeyStep = command({
  permission: "session:start",
  input: z.object({ challenge: z.string().min(1).max(100) }),
  audits: [],
  run: async ({ tx, input: { challenge }, context }) => {
    const first = await findSignInChallenge(tx, challenge);
    if (!first) throw new AppError("sign_in_expired", "no open sign-in challenge");
    const purpose = { use: "second_step" as const, userId: first.userId, boundTo: challenge };
    return { result: await passkeyRequest(tx, purpose, context.ipAddress), unchanged: true as const };
  },
});
