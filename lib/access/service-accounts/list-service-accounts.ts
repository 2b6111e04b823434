import { asc, desc, sql } from "drizzle-orm";
import { z } from "zod";
import { apiKeys, serviceAccounts } from "@/lib/db/schema";
import { query } from "@/lib/operation/operation";

export type ApiKeyState = "valid" | "expired" | "revoked";

export type ApiKeyRow = {
  id: string;
  prefix: string;
  state: ApiKeyState;
  createdAt: Date;
  expiresAt: Date | null;
  revokedAt: Date | null;
  /** To the minute. */
  lastUsedAt: Date | null;
};

export type ServiceAccountRow = {
  id: string;
  name: string;
  active: boolean;
  areaCode: string | null;
  outsidePrefix: string | null;
  createdAt: Date;
  webhookUrl: string | null;
  /** Until when the replaced secret signs too. */ oldSecretUntil: Date | null;
  keys: ApiKeyRow[];
};

/** All service accounts by name, with their keys, newest first. Never includes key hashes or webhook secrets. */
export const listServiceAccounts = query({
  permission: "service-account:list",
  input: z.object({}),
  run: async ({ db }): Promise<ServiceAccountRow[]> => {
    const accounts = await db
      .select(accountColumns)
      .from(serviceAccounts)
      .orderBy(asc(sql`lower(${serviceAccounts.name})`), asc(serviceAccounts.id));
    const keys = await db.select(keyColumns).from(apiKeys).orderBy(desc(apiKeys.createdAt), desc(apiKeys.id));
    return accounts.map((account) => ({
      ...account,
      keys: keys.filter((key) => key.serviceAccountId === account.id).map(toRow),
    }));
  },
});

const accountColumns = {
  id: serviceAccounts.id,
  name: serviceAccounts.name,
  active: serviceAccounts.active,
  areaCode: serviceAccounts.areaCode,
  outsidePrefix: serviceAccounts.outsidePrefix,
  createdAt: serviceAccounts.createdAt,
  webhookUrl: serviceAccounts.webhookUrl,
  oldSecretUntil: sql<Date | null>`case when ${serviceAccounts.webhookOldSecretUntil} > now()
      then ${serviceAccounts.webhookOldSecretUntil} end`.mapWith(serviceAccounts.webhookOldSecretUntil),
};

const keyColumns = {
  id: apiKeys.id,
  serviceAccountId: apiKeys.serviceAccountId,
  prefix: apiKeys.prefix,
  createdAt: apiKeys.createdAt,
  expiresAt: apiKeys.expiresAt,
  revokedAt: apiKeys.revokedAt,
  lastUsedAt: apiKeys.lastUsedAt,
};

function toRow({
  serviceAccountId: _account,
  ...key
}: Omit<ApiKeyRow, "state"> & { serviceAccountId: string }): ApiKeyRow {
  return { ...key, state: stateOf(key) };
}

function stateOf({ revokedAt, expiresAt }: { revokedAt: Date | null; expiresAt: Date | null }): ApiKeyState {
  if (revokedAt) return "revoked";
  return expiresAt && expiresAt.getTime() <= Date.now() ? "expired" : "valid";
}
