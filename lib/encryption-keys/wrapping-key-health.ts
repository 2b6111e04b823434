import { probeWrappingKey } from "@/lib/encryption-keys/wrapping-key-probe";
import { refusalReason, hasWrappingKeys } from "@/lib/encryption-keys/wrapping-keys";
import { env } from "@/lib/core/env";
import { log } from "@/lib/core/log";
import { processWide } from "@/lib/core/process-wide";

/** How long a result is valid, a failure shorter. Health checks do not decide how often the key service is called. */
const validMs = 60_000;
const validFailureMs = 10_000;

/** The reason why the wrapping key failed at a check; null if it worked. */
type Check = { failure: string | null; atMs: number };

// Process-wide: the health check reports the result of the check at the server's start.
const holder = processWide as { custodiaWrappingKey?: { latest: Check; running: Promise<boolean> | null } };
const checks = () => (holder.custodiaWrappingKey ??= { latest: { failure: null, atMs: 0 }, running: null });

/**
 * Checks the wrapping key now and logs each change: it fails, fails for another reason, or works again. Never throws.
 */
export function checkWrappingKey(): Promise<boolean> {
  const state = checks();
  return (state.running ??= check().finally(() => (state.running = null)));
}

/** Whether the latest check succeeded. Renews an old result without waiting, because the key service may not answer. */
export function wrappingKeyWorks(): boolean {
  if (!hasWrappingKeys(env())) return true;
  const { failure, atMs } = checks().latest;
  if (Date.now() - atMs > (failure === null ? validMs : validFailureMs)) void checkWrappingKey();
  return failure === null;
}

async function check(): Promise<boolean> {
  const state = checks();
  const before = state.latest.failure;
  const error = await probeWrappingKey().then(
    () => null,
    (reason: unknown) => reason,
  );
  const failure = error === null ? null : failureOf(error);
  if (failure !== null && failure !== before)
    log.error(
      { error },
      "ALARM: the wrapping key of recordings (ENVELOPE_KMS_*, ENVELOPE_KEYS) cannot be used: until it works again, " +
        "sealed recordings are neither accepted nor played; nothing is lost",
    );
  if (failure === null && before !== null) log.info("the wrapping key of recordings works again");
  state.latest = { failure, atMs: Date.now() };
  return failure === null;
}

function failureOf(error: unknown): string {
  return refusalReason(error instanceof Error && error.cause !== undefined ? error.cause : error);
}
