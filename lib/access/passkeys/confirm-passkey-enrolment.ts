import { z } from "zod";
import { ownPasskeys } from "@/lib/access/passkeys/begin-passkey-enrolment";
import { takePasskeyChallenge } from "@/lib/access/passkeys/passkey-challenge";
import { passkeyRegistration, type PasskeyRegistration } from "@/lib/access/passkeys/passkey-response";
import { verifyRegistration } from "@/lib/access/passkeys/verify-registration";
import { failed } from "@/lib/access/second-factor/check-proof";
import { lockOwnRow, userOnly } from "@/lib/access/second-factor/own-session";
import { recordEnrolment } from "@/lib/access/second-factor/record-enrolment";
import { requireRelyingParty } from "@/lib/access/sign-in/relying-party";
import { AppError } from "@/lib/core/errors";
import { newId } from "@/lib/core/new-id";
import { singleLine } from "@/lib/core/text-input";
import type { Transaction } from "@/lib/db/client";
import { passkeys } from "@/lib/db/schema";
import { transactionNow } from "@/lib/db/schema/columns";
import { command } from "@/lib/operation/operation";
import type { UserActor } from "@/lib/operation/actor";

/**
 * Makes the passkey of `beginPasskeyEnrolment` count. With the first factor come ten recovery codes, shown once. Ends
 * the actor's other sessions, which proved less.
 * @param input `response`: of `navigator.credentials.create`, as JSON
 * @throws AppError `malformed_request`, `passkey_refused`, `passkeys_unavailable`, `too_many_passkeys`
 */
export const confirmPasskeyEnrolment = command({
  permission: "second-factor:enrol",
  freshProof: true,
  input: z.object({ name: singleLine(60), response: passkeyRegistration }),
  audits: ["second_factor.enrolled", "second_factor.proof_failed"],
  run: async ({ tx, actor, input: { name, response } }) => {
    const user = userOnly(actor);
    await lockOwnRow(tx, user);
    await ownPasskeys(tx, user.userId);
    if (!(await enrol(tx, user, name, response)))
      return failed(user.userId, "passkey", new AppError("passkey_refused", "the passkey that was made"));
    return recordEnrolment(tx, user, "passkey");
  },
});

/** @returns false if the answer is wrong, or somebody has this passkey already. */
async function enrol(tx: Transaction, user: UserActor, name: string, sent: PasskeyRegistration): Promise<boolean> {
  const { userId, sessionId } = user;
  const party = requireRelyingParty();
  const isOpen = await takePasskeyChallenge(tx, sent.challenge, { use: "register", userId, boundTo: sessionId });
  const made = isOpen ? await verifyRegistration(sent, party) : null;
  if (!made) return false;
  const { id: credentialId, publicKey, counter, transports = [] } = made.credential;
  const added = await tx
    .insert(passkeys)
    .values({
      ...{ id: newId(), userId, credentialId, publicKey: Buffer.from(publicKey), counter, transports, name },
      ...{ isBackedUp: made.credentialBackedUp, lastUsedAt: transactionNow },
    })
    .onConflictDoNothing()
    .returning({ id: passkeys.id });
  return added.length === 1;
}
