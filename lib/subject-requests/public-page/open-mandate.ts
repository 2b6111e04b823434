import { and, eq, isNull, sql } from "drizzle-orm";
import { z } from "zod";
import { AppError } from "@/lib/core/errors";
import type { Transaction } from "@/lib/db/client";
import { subjectRequestMandates, subjectRequests } from "@/lib/db/schema";
import { command } from "@/lib/operation/operation";
import { requireRoom } from "@/lib/subject-requests/mandates/own-mandates";
import { findOwnRequest, ownRequestFields } from "@/lib/subject-requests/public-page/own-request";
import { clientNetwork, requireLimit, type PublicLimit } from "@/lib/subject-requests/public-page/public-limits";

const limits = {
  address: { name: "mandate of an address", most: 20, hours: 1 },
  unproven: { name: "mandates of unproven requests", most: 200, hours: 1 },
} as const satisfies Record<string, PublicLimit>;

/** All that requests hold that nobody proved, together: whoever fills it stops no one who proved a line. */
const mostUnprovenBytes = 2 * 1024 ** 3;

async function requireRoomForUnproven(tx: Transaction): Promise<void> {
  await requireLimit(tx, limits.unproven);
  const { requestId, sizeBytes, purgedAt } = subjectRequestMandates;
  const [held] = await tx
    .select({ bytes: sql<number>`coalesce(sum(${sizeBytes}), 0)::float8` })
    .from(subjectRequestMandates)
    .innerJoin(subjectRequests, eq(subjectRequests.id, requestId))
    .where(and(isNull(purgedAt), eq(subjectRequests.isUnproven, true)));
  if (held!.bytes >= mostUnprovenBytes)
    throw new AppError("too_many_requests", "documents of unproven requests", { retryAfterSeconds: 3600 });
}

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
    if (request.isUnproven) await requireRoomForUnproven(tx);
    return { result: null, unchanged: true as const };
  },
});
