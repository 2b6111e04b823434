import { z } from "zod";
import { AppError } from "@/lib/core/errors";
import type { Locale } from "@/lib/i18n/locales";
import { queueMessage } from "@/lib/notifications/messages/queue-message";
import { messageChannels } from "@/lib/db/schema/messages";
import { auditEvent } from "@/lib/operation/audit-event";
import { command } from "@/lib/operation/operation";
import { offeredCodeChannels } from "@/lib/subject-requests/offered-channels";
import { targetOf } from "@/lib/subject-requests/process-steps";
import { takeCodeBudget } from "@/lib/subject-requests/public-page/code-budget";
import { maskedAddress } from "@/lib/subject-requests/public-page/code-addresses";
import {
  addressesOf,
  findOwnRequest,
  ownRequestFields,
  presentOwnRequest,
} from "@/lib/subject-requests/public-page/own-request";
import { codeLifeMinutes, insertCode, requirePause } from "@/lib/subject-requests/public-page/sent-codes";

/** One of the lines and addresses of the request. */
export const codeTarget = z.literal("answer").or(z.uuid());

/**
 * Sends a one-time code to a line or address that the person named in the request. Only what they typed decides: no
 * recording is looked for, so that known and unknown numbers have the same answer.
 * @throws AppError `invalid_input`; `too_many_requests` before the pause is over; `code_budget_used`.
 */
export const sendCode = command({
  permission: "subject-request:follow-own",
  input: z.object({ ...ownRequestFields, target: codeTarget, channel: z.enum(messageChannels) }),
  audits: ["subject_request.follow_up_refused", "subject_request.code_sent", "subject_request.code_budget_used"],
  run: async ({ tx, input, context }) => {
    const { request, refused } = await findOwnRequest(tx, input, context);
    if (!request) return refused;
    const { channel, target } = input;
    const found = (await addressesOf(tx, request)).find((address) => address.target === target);
    if (!found?.channels.includes(channel)) {
      const isOff = !offeredCodeChannels().includes(channel);
      const fields = [{ path: "target", reason: isOff ? "channel_off" : "not_reachable" }];
      throw new AppError("invalid_input", "not an address of the request for this channel", { fields });
    }
    await requirePause(tx, request.id, found);
    const budget = channel === "email" ? "taken" : await takeCodeBudget(tx);
    if (budget === "none") throw new AppError("code_budget_used", "no codes by SMS and call are left today");
    const { codeId, code } = await insertCode(tx, request.id, { ...found, channel });
    await queueMessage(tx, {
      ...{ key: `code:${codeId}`, referenceId: request.id, channel, recipient: found.address },
      template: "one_time_code",
      data: { code, minutes: String(codeLifeMinutes) },
      locale: request.answerLocale as Locale,
      lifeMs: codeLifeMinutes * 60_000,
    });
    const on = { target: targetOf(request), details: { protocol: request.protocol, channel } };
    const result = { request: await presentOwnRequest(tx, request), target, sentTo: maskedAddress(found.address) };
    const sent = auditEvent("subject_request.code_sent", on);
    if (budget === "taken") return { result, audits: [sent] };
    return { result, audits: [sent, auditEvent("subject_request.code_budget_used")] };
  },
});
