import { z } from "zod";
import { command } from "@/lib/operation/operation";
import { requireRoom } from "@/lib/subject-requests/mandates/own-mandates";
import { findOwnRequest, ownRequestFields } from "@/lib/subject-requests/public-page/own-request";
import { clientNetwork, requireLimit, type PublicLimit } from "@/lib/subject-requests/public-page/public-limits";

const limits = {
  address: { name: "mandate of an address", most: 20, hours: 1 },
  installation: { name: "mandates", most: 200, hours: 1 },
} as const satisfies Record<string, PublicLimit>;

/**
 * Whether the request of a protocol and its code takes a document, asked before the first byte of the file is read. A
 * command, because wrong codes and files are counted.
 * @throws AppError `invalid_input`; `too_many_requests`.
 */
export const openMandate = command({
  permission: "subject-request:follow-own",
  input: z.object(ownRequestFields),
  audits: ["subject_request.follow_up_refused"],
  run: async ({ tx, input, context }) => {
    const { request, refused } = await findOwnRequest(tx, input, context);
    if (!request) return refused;
    await requireRoom(tx, request);
    const network = clientNetwork(context.ipAddress);
    if (network !== null) await requireLimit(tx, limits.address, network);
    await requireLimit(tx, limits.installation);
    return { result: null, unchanged: true as const };
  },
});
