import { existsSync, readFileSync, writeFileSync } from "node:fs";
import type { OperationContext } from "@/lib/operation/operation";
import { createApiKey } from "@/lib/access/service-accounts/create-api-key";
import { createServiceAccount } from "@/lib/access/service-accounts/create-service-account";
import { listServiceAccounts } from "@/lib/access/service-accounts/list-service-accounts";

const name = "Sistema de telefonia";

/** Returns the API key of the example phone system from `file`. Without the file, creates a key and writes it there. */
export async function seedApiKey(admin: OperationContext, file: string): Promise<string> {
  if (existsSync(file)) return readFileSync(file, "utf8").trim();
  const existing = (await listServiceAccounts(admin, {})).find((account) => account.name === name);
  const serviceAccountId = existing?.id ?? (await createServiceAccount(admin, { name })).serviceAccountId;
  const { apiKey } = await createApiKey(admin, { serviceAccountId });
  writeFileSync(file, `${apiKey}\n`, { mode: 0o600 });
  return apiKey;
}
