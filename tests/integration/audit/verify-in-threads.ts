import { configuredPublicKeys } from "@/lib/audit/signing-keys";
import { verifyAuditLog } from "@/lib/audit/verify/verify-audit-log";
import { env } from "@/lib/core/env";
import { closeDatabase, database } from "@/lib/db/client";
import { configuredStore } from "@/lib/storage/configured-store";
import { verifyingThreads } from "@/scripts/audit/verifying-threads";
import { startCommand } from "@/scripts/start-command";

startCommand();

/** Verifies the log as the command does, with two threads beside the main one, however short the log is. */
const report = await verifyAuditLog({
  db: database(),
  store: configuredStore(),
  hmacKeys: env().AUDIT_HMAC_KEYS,
  publicKeys: configuredPublicKeys(),
  elsewhere: { ...verifyingThreads, most: 2, eventsEach: 1 },
});
console.log(JSON.stringify(report));
await closeDatabase();
