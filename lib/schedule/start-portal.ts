import { EnvironmentError, env } from "@/lib/core/env";
import { log } from "@/lib/core/log";
import { startSealer } from "@/lib/audit/start-sealer";
import { jobContext } from "@/lib/operation/job-context";
import { databaseVault } from "@/lib/encryption-keys/database-vault";
import { checkWrappingKey } from "@/lib/encryption-keys/wrapping-key-health";
import { hasWrappingKeys } from "@/lib/encryption-keys/wrapping-keys";
import { checkLedger } from "@/lib/deletion/ledger/check-ledger";
import { serveEntries } from "@/lib/http/entry/serve-entries";
import { tuneServer } from "@/lib/http/server-options";
import { provideDataKeyVault } from "@/lib/storage/envelope/data-key-vault";
import { enqueueSiemStream } from "@/lib/notifications/siem/enqueue-siem-stream";
import { configuredStore } from "@/lib/storage/configured-store";
import { startRunner } from "@/lib/jobs/start-runner";
import { jobHandlersHere } from "@/lib/schedule/job-handlers";
import { setFlagsFromString } from "node:v8";

/** Checks what the portal requires, logs each problem and exits if there is one; then starts the background work. */
export async function startPortal(): Promise<void> {
  try {
    env();
    provideDataKeyVault(databaseVault());
    configuredStore();
  } catch (error) {
    process.stderr.write(
      `${error instanceof EnvironmentError || error instanceof Error ? error.message : String(error)}\n`,
    );
    process.exit(1);
  }
  tuneMemory();
  tuneServer();
  serveEntries();
  startSealer();
  startRunner(await jobHandlersHere());
  // Not awaited: the reconcile job asks for it, too.
  void enqueueSiemStream(jobContext("siem-stream"), {}).catch((error: unknown) =>
    log.warn({ error }, "the stream to the SIEM could not be started; the reconcile job starts it"),
  );
  // Not awaited: a slow store must not delay the start. The result is logged, shown and enforced later.
  void checkLedger(jobContext("erasures-command"), { thorough: true }).catch((error: unknown) =>
    log.warn({ error }, "the erasure ledger could not be compared at start-up"),
  );
  // Not awaited: much of the portal works without the key service. A failure is logged, and no restart is needed.
  if (hasWrappingKeys(env())) void checkWrappingKey();
  if (env().PLAYBACK_DELIVERY === "presigned" && env().RECORDING_ENCRYPTION === "envelope")
    log.info(
      "recordings sealed by envelope are played through the portal, also with PLAYBACK_DELIVERY=presigned: " +
        "no store decrypts them",
    );
  const { name: store, acceptsUnencrypted } = configuredStore();
  if (acceptsUnencrypted)
    log.warn(
      { store },
      "recordings may be stored unencrypted: S3_ENCRYPTION=none without RECORDING_ENCRYPTION=envelope",
    );
  log.info({ store }, "the portal is ready");
}

/**
 * V8 runs a full mark after each 64 MiB of external buffers, even if socket buffers live for a moment. With audio
 * passing through the portal, two thirds of its CPU time went there. Counting them together with the heap makes V8 mark
 * in proportion to the heap's size.
 */
function tuneMemory(): void {
  setFlagsFromString("--external-memory-accounted-in-global-limit");
}
