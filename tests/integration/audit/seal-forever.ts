import { anchorSeals } from "@/lib/audit/anchor";
import { sealNextBatch } from "@/lib/audit/seal-audit-log";
import { database } from "@/lib/db/client";
import { configuredStore } from "@/lib/storage/configured-store";
import { startCommand } from "@/scripts/start-command";

startCommand();

/** Seals in small batches and anchors each, without a pause, until it is killed. Writes a line for each batch. */
for (;;) {
  process.stdout.write("sealing\n");
  await sealNextBatch(database(), 7);
  await anchorSeals(configuredStore(), database());
}
