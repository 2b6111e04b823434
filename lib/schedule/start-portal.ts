import { EnvironmentError, env } from "@/lib/core/env";
import { log } from "@/lib/core/log";
import { startSealer } from "@/lib/audit/start-sealer";
import { jobContext } from "@/lib/operation/job-context";
import { databaseVault } from "@/lib/encryption-keys/database-vault";
import { lookAtWrappingKey } from "@/lib/encryption-keys/wrapping-key-health";
import { hasWrappingKeys } from "@/lib/encryption-keys/wrapping-keys";
import { checkLedger } from "@/lib/deletion/ledger/check-ledger";
import { tuneServer } from "@/lib/http/tune-server";
import { provideDataKeyVault } from "@/lib/storage/envelope/data-key-vault";
import { configuredStore } from "@/lib/storage/configured-store";
import { startRunner } from "@/lib/jobs/start-runner";
import { jobHandlers } from "@/lib/schedule/job-handlers";
import { setFlagsFromString } from "node:v8";

/** Checks what the portal cannot run without, names what is wrong and ends the process; then starts the background work. */
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
  startSealer();
  startRunner(jobHandlers);
  // Not awaited: a store that is slow must not keep the portal from starting. What it finds is logged, shown and heeded.
  void checkLedger(jobContext("erasures-command"), { thorough: true }).catch((error: unknown) =>
    log.warn({ error }, "the erasure ledger could not be compared at start-up"),
  );
  // Nor must a key service that is away: much of the portal needs none. It is said, and healed without a start.
  if (hasWrappingKeys(env())) void lookAtWrappingKey();
  if (env().PLAYBACK_DELIVERY === "presigned" && env().RECORDING_ENCRYPTION === "envelope")
    log.info(
      "recordings sealed by envelope are played through the portal, also with PLAYBACK_DELIVERY=presigned: no store decrypts them",
    );
  const { name: store, takesUnencrypted } = configuredStore();
  if (takesUnencrypted)
    log.warn({ store }, "recordings may lie unencrypted: S3_ENCRYPTION=none without RECORDING_ENCRYPTION=envelope");
  log.info({ store }, "the portal is ready");
}

/**
 * V8 marks its whole heap anew after each 64 MiB of buffers outside of it, though those of a socket live for a moment: with audio passing
 * through the portal, two thirds of its processor time went there. Counted together with the heap, they make it mark in proportion to
 * the heap's size.
 */
function tuneMemory(): void {
  setFlagsFromString("--external-memory-accounted-in-global-limit");
}
