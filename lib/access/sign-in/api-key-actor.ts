import { and, eq, gt, isNull, lt, or, sql } from "drizzle-orm";
import type { ServiceActor } from "@/lib/operation/actor";
import { database } from "@/lib/db/client";
import { apiKeys, serviceAccounts } from "@/lib/db/schema";
import { transactionNow } from "@/lib/db/schema/columns";
import { hashApiKey } from "@/lib/access/service-accounts/api-key";

/**
 * Resolves an API key to its service account.
 * @returns null if the key is unknown, revoked or expired, or its service account is not active.
 */
export async function resolveApiKey(apiKey: string): Promise<ServiceActor | null> {
  const [row] = await preparedApiKey().execute({ keyHash: hashApiKey(apiKey) });
  if (!row) return null;
  if (row.isUseDue) await recordUse(row.apiKeyId);
  return { type: "service", serviceAccountId: row.serviceAccountId, apiKeyId: row.apiKeyId };
}

let prepared: ReturnType<typeof prepareApiKey> | undefined;
const preparedApiKey = () => (prepared ??= prepareApiKey());

const aMinuteAgo = sql`now() - interval '1 minute'`;

function prepareApiKey() {
  return database()
    .select({
      apiKeyId: apiKeys.id,
      serviceAccountId: apiKeys.serviceAccountId,
      isUseDue: sql<boolean>`${apiKeys.lastUsedAt} is null or ${apiKeys.lastUsedAt} < ${aMinuteAgo}`,
    })
    .from(apiKeys)
    .innerJoin(serviceAccounts, eq(serviceAccounts.id, apiKeys.serviceAccountId))
    .where(
      and(
        eq(apiKeys.keyHash, sql.placeholder("keyHash")),
        isNull(apiKeys.revokedAt),
        or(isNull(apiKeys.expiresAt), gt(apiKeys.expiresAt, sql`now()`)),
        eq(serviceAccounts.active, true),
      ),
    )
    .prepare("resolve_api_key");
}

/** Records the use at most once a minute, so that a busy phone system does not cause a write for each request. */
async function recordUse(apiKeyId: string): Promise<void> {
  await database()
    .update(apiKeys)
    .set({ lastUsedAt: transactionNow })
    .where(and(eq(apiKeys.id, apiKeyId), or(isNull(apiKeys.lastUsedAt), lt(apiKeys.lastUsedAt, aMinuteAgo))));
}
