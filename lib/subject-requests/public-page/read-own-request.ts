import { z } from "zod";
import { command } from "@/lib/operation/operation";
import { findOwnRequest, ownRequestFields, presentOwnRequest } from "@/lib/subject-requests/public-page/own-request";

/**
 * What a person sees of a request that they made on the public page. A command, because wrong codes are counted.
 * @throws AppError `invalid_input` for a protocol and a code that do not belong together; `too_many_requests`.
 */
export const readOwnRequest = command({
  permission: "subject-request:follow-own",
  input: z.object(ownRequestFields),
  audits: ["subject_request.follow_up_refused"],
  run: async ({ tx, input, context }) => {
    const { request, refused } = await findOwnRequest(tx, input, context);
    if (!request) return refused;
    return { result: { request: await presentOwnRequest(tx, request) }, unchanged: true as const };
  },
});
