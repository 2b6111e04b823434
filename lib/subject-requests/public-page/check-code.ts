import { z } from "zod";
import { AppError } from "@/lib/core/errors";
import { auditEvent } from "@/lib/operation/audit-event";
import { command, refuse, refuseUnrecorded } from "@/lib/operation/operation";
import { lockRequest, targetOf } from "@/lib/subject-requests/process-steps";
import { openCollection } from "@/lib/subject-requests/answer/collection";
import { findOwnRequest, ownRequestFields, presentOwnRequest } from "@/lib/subject-requests/public-page/own-request";
import { recordLineProof } from "@/lib/subject-requests/public-page/line-proof";
import { codeTarget } from "@/lib/subject-requests/public-page/send-code";
import { tryCode } from "@/lib/subject-requests/public-page/sent-codes";

/** As people type it: "407 312". */
const oneTimeCode = z
  .string()
  .max(32)
  .transform((text) => text.normalize("NFKC").replaceAll(/[\s.-]/g, ""))
  .refine((code) => /^\d{6}$/.test(code), "not_six_digits");

/**
 * Takes the one-time code that went to a line or address: the request moves to the desk's queue, and what was answered
 * can be collected for an hour.
 * @throws AppError `invalid_input` with `wrong_code` or, once a code has no tries left or is over, `no_code`.
 */
export const checkCode = command({
  permission: "subject-request:follow-own",
  input: z.object({ ...ownRequestFields, target: codeTarget, oneTimeCode }),
  audits: [
    "subject_request.follow_up_refused",
    "subject_request.code_refused",
    "subject_request.line_proved",
    "subject_request.step_taken",
  ],
  run: async ({ tx, actor, input, context }) => {
    const { request, refused } = await findOwnRequest(tx, input, context);
    if (!request) return refused;
    const { target } = input;
    const tried = await tryCode(tx, { requestId: request.id, target, code: input.oneTimeCode });
    if (tried.outcome === "none") return refuseUnrecorded(problem("no_code"));
    const about = { target: targetOf(request), details: { protocol: request.protocol } };
    if (tried.outcome === "wrong")
      return refuse(
        problem("wrong_code"),
        auditEvent("subject_request.code_refused", { outcome: "failure", ...about }),
      );
    const { channel } = tried;
    const audits = await recordLineProof(tx, { actor, request, target, channel });
    const collection = await openCollection(tx, request.id);
    const result = { request: await presentOwnRequest(tx, await lockRequest(tx, request.id)), collection };
    return { result, audits };
  },
});

const problem = (reason: "no_code" | "wrong_code") =>
  new AppError("invalid_input", reason, { fields: [{ path: "oneTimeCode", reason }] });
