import type { z } from "zod";
import { AppError } from "@/lib/core/errors";
import { localDateTime } from "@/lib/core/time";
import { command } from "@/lib/operation/operation";
import { requireAnswerChannel } from "@/lib/subject-requests/offered-channels";
import { receiptOf, requestInput, type RequestFields } from "@/lib/subject-requests/request-input";
import { formDigestOf, insertRequest, registeredBefore } from "@/lib/subject-requests/request-registration";
import { requestSettings } from "@/lib/subject-requests/request-settings";
import { readDatabaseTime } from "@/lib/db/database-time";

/**
 * Registers a request that came by phone, letter, e-mail, at the counter, or from an authority. Its clocks start at
 * receipt, which may be earlier, and count by the settings in force then. A form that is sent again gives the protocol
 * of the first time.
 * @throws AppError `invalid_input` for a receipt in the future; `conflict` if the key of the form registered another.
 */
export const registerRequest = command({
  permission: "subject-request:register",
  input: requestInput,
  audits: ["subject_request.registered"],
  run: async ({ tx, actor, input }) => {
    if (actor.type !== "user") throw new AppError("forbidden");
    const { requestId, channel, identifiers } = input;
    const formDigest = formDigestOf(input);
    const earlier = await registeredBefore(tx, requestId, formDigest);
    if (earlier) return { result: { requestId, protocol: earlier }, unchanged: true as const };
    requireAnswerChannel(input.answerChannel);
    const { timeZone } = await requestSettings(tx);
    const receivedAt = requireReceipt(input, timeZone, await readDatabaseTime(tx));
    const settings = await requestSettings(tx, receivedAt);
    const { protocol, event } = await insertRequest(tx, actor, {
      ...{ requestId, channel, said: input, identifiers, receivedAt, settings, timeZone, formDigest },
      columns: { registeredById: actor.userId },
    });
    return { result: { requestId, protocol }, audits: [event] };
  },
});

export type RegisterRequestInput = z.input<typeof requestInput>;

function requireReceipt(input: RequestFields, timeZone: string, now: Date): Date {
  const receivedAt = receiptOf(input, timeZone, now);
  if (receivedAt && (input.orderedDueOn ?? "9999") >= localDateTime(receivedAt, timeZone).slice(0, 10))
    return receivedAt;
  const fields = [{ path: receivedAt ? "orderedDueOn" : "receivedAt", reason: "out_of_range" }];
  throw new AppError("invalid_input", "received in the future or before the LGPD, or due before it", { fields });
}
