import path from "node:path";
import { parseArgs } from "node:util";
import { closeDatabase } from "@/lib/db/client";
import { env } from "@/lib/core/env";
import { seedAccounts } from "./seed/seed-accounts";
import { seedApiKey } from "./seed/seed-api-key";
import { seedController } from "./seed/seed-controller";
import { seedRecordings } from "./seed/seed-recordings";
import { seedRetentionPolicies } from "./seed/seed-retention-policies";
import { seedUnits } from "./seed/seed-units";

/**
 * Fills an empty installation with example data: accounts and units through the operations, recordings through the
 * upload API of the running portal. Safe to interrupt and to run again: the next run continues.
 */
const { values } = parseArgs({
  options: { "sign-ins": { type: "string", default: path.join(".data", "sign-ins.json") } },
});

try {
  const accounts = await seedAccounts(values["sign-ins"], seedUnits);
  await seedController(accounts.admin);
  await seedRetentionPolicies(accounts.admin);
  const apiKey = await seedApiKey(accounts.admin, path.join(path.dirname(values["sign-ins"]), "api-key.txt"));
  await seedRecordings({ baseUrl: env().NEXTAUTH_URL, apiKey }, accounts.admin);
} finally {
  await closeDatabase();
}
