import { and, eq, isNull, sql } from "drizzle-orm";
import { z } from "zod";
import { auditEvent } from "@/lib/operation/audit-event";
import { apiKeys } from "@/lib/db/schema";
import { AppError } from "@/lib/core/errors";
import { command } from "@/lib/operation/operation";

/**
 * Revokes an API key permanently: it stops working at its next request.
 * @throws AppError `not_found`
 */
export const revokeApiKey = command({
  permission: "service-account:write",
  freshProof: true,
  input: z.object({ apiKeyId: z.uuid() }),
  audits: ["api_key.revoked"],
  run: async ({ tx, input: { apiKeyId } }) => {
    const [revoked] = await tx
      .update(apiKeys)
      .set({ revokedAt: sql`date_trunc('milliseconds', clock_timestamp())` })
      .where(and(eq(apiKeys.id, apiKeyId), isNull(apiKeys.revokedAt)))
      .returning({ serviceAccountId: apiKeys.serviceAccountId });
    const result = { apiKeyId };
    if (revoked)
      return {
        result,
        audits: [auditEvent("api_key.revoked", { target: { type: "api_key", id: apiKeyId }, details: revoked })],
      };
    if ((await tx.$count(apiKeys, eq(apiKeys.id, apiKeyId))) === 0) throw new AppError("not_found", "API key");
    return { result, unchanged: true as const };
  },
});
