import type { z } from "zod";
import { env } from "@/lib/core/env";
import type { Transaction } from "@/lib/db/client";
import { formatDateTime } from "@/lib/i18n/format";
import { queueMessage } from "@/lib/notifications/messages/queue-message";
import { command } from "@/lib/operation/operation";
import { requireAnswerChannel } from "@/lib/subject-requests/offered-channels";
import { followUpPage } from "@/lib/subject-requests/follow-up-page";
import { followUpDigest, formSecrets, presentFollowUpCode } from "@/lib/subject-requests/public-page/form-secrets";
import { identifiersOf, publicForm, type PublicForm } from "@/lib/subject-requests/public-page/public-form";
import {
  acknowledgementLimit,
  clientNetwork,
  forgetOldLimits,
  formLimits,
  requireLimit,
  takeLimit,
} from "@/lib/subject-requests/public-page/public-limits";
import { checkWorkProof, spendWorkProof } from "@/lib/subject-requests/public-page/work-proof";
import { formDigestOf, insertRequest, registeredBefore } from "@/lib/subject-requests/request-registration";
import { requestSettings } from "@/lib/subject-requests/request-settings";
import { readDatabaseTime } from "@/lib/db/database-time";

/**
 * Registers what a person asks for on the public page, received now. It lies in the list of unproven requests until the
 * person proves a line or address. No recording is looked for: nothing here depends on what is in custody. A form that
 * is sent again gives the same protocol and code.
 * @throws AppError `invalid_input`; `too_many_requests`; `conflict` if the form registered another request.
 */
export const submitRequest = command({
  permission: "subject-request:submit",
  input: publicForm,
  audits: ["subject_request.registered"],
  prepare: ({ input }) => checkWorkProof(input.solution),
  run: async ({ tx, actor, input, context, prepared: proof }) => {
    const { solution: _, formKey, ...said } = input;
    const { requestId, followUpCode } = formSecrets(formKey);
    const formDigest = formDigestOf(said);
    const shown = {
      followUpCode: presentFollowUpCode(followUpCode),
      /** What nobody proves until then is withdrawn and emptied. */
      unprovenDays: env().UNPROVEN_REQUEST_DAYS,
      /** The document of who asks for another person is attached after the form. */
      asksForAnother: said.requester !== "data_subject",
    };
    const earlier = await registeredBefore(tx, requestId, formDigest);
    if (earlier) return { result: { protocol: earlier, ...shown }, unchanged: true as const };
    requireAnswerChannel(said.answerChannel);
    const isProved = proof !== null && (await spendWorkProof(tx, proof));
    const limits = formLimits[isProved ? "proved" : "unproved"];
    const network = clientNetwork(context.ipAddress);
    if (network !== null) await requireLimit(tx, limits.address, network);
    const address = isProved ? await acknowledgedAddress(tx, said) : null;
    await forgetOldLimits(tx);
    const receivedAt = await readDatabaseTime(tx);
    const settings = await requestSettings(tx, receivedAt);
    const { timeZone } = settings;
    // From here on forms wait for one another: the rows of the hour and of the day are locked.
    await requireLimit(tx, limits.installation);
    const { protocol, event } = await insertRequest(tx, actor, {
      ...{ requestId, channel: "web", said, identifiers: identifiersOf(input) },
      ...{ receivedAt, settings, timeZone, formDigest },
      columns: { isUnproven: true, followUpDigest: followUpDigest(followUpCode) },
    });
    if (address !== null) await acknowledge(tx, { requestId, protocol, receivedAt, timeZone, said, address });
    return { result: { protocol, ...shown }, audits: [event] };
  },
});

export type PublicFormInput = z.input<typeof publicForm>;
export type SubmittedRequest = Awaited<ReturnType<typeof submitRequest>>;

type Said = Omit<PublicForm, "solution" | "formKey">;

/** The e-mail address to acknowledge to; null for another channel, or if the address had enough of them today. */
async function acknowledgedAddress(tx: Transaction, { answerChannel, answerAddress }: Said): Promise<string | null> {
  if (answerChannel !== "email" || !answerAddress) return null;
  const wait = await takeLimit(tx, acknowledgementLimit, answerAddress.toLowerCase());
  return wait === 0 ? answerAddress : null;
}

type Acknowledged = {
  requestId: string;
  protocol: string;
  receivedAt: Date;
  timeZone: string;
  said: Said;
  address: string;
};

/** Says that the request arrived. It has no name and nothing of what was asked: the address is not proved. */
function acknowledge(tx: Transaction, { requestId, protocol, receivedAt, timeZone, said, address }: Acknowledged) {
  const page = followUpPage();
  return queueMessage(tx, {
    ...{ key: `received:${requestId}`, referenceId: requestId, channel: "email", recipient: address },
    template: "request_received",
    data: { protocol, receivedOn: formatDateTime(receivedAt, timeZone), page },
    locale: said.answerLocale,
  });
}
