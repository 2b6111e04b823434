// A thread of `npm run audit -- verify`: verifies one part of the log, which the main thread has open.
import { parentPort, workerData } from "node:worker_threads";
import { configuredPublicKeys } from "@/lib/audit/signing-keys";
import type { LogPart } from "@/lib/audit/verify/log-parts";
import { verifyJoinedPart } from "@/lib/audit/verify/part-verification";
import { env } from "@/lib/core/env";
import { closeDatabase, database } from "@/lib/db/client";

const keys = { hmacKeys: env().AUDIT_HMAC_KEYS, publicKeys: configuredPublicKeys() };
try {
  parentPort!.postMessage(await verifyJoinedPart(database(), workerData as LogPart, keys));
} finally {
  await closeDatabase();
}
