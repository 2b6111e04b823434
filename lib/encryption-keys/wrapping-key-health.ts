import { probeWrappingKey } from "@/lib/encryption-keys/probe-wrapping-key";
import { refusalReason, hasWrappingKeys } from "@/lib/encryption-keys/wrapping-keys";
import { env } from "@/lib/core/env";
import { log } from "@/lib/core/log";
import { processWide } from "@/lib/core/process-wide";

/**
 * A look is believed so long, a bad one shorter: who asks for the health of the portal does not decide how often the
 * key service is called.
 */
const believedMs = 60_000;
const believedBadMs = 10_000;

/** What hindered the wrapping key at the latest look; null when it worked. */
type Look = { hindrance: string | null; atMs: number };

// The health check reports what the start of the server saw.
const holder = processWide as { custodiaWrappingKey?: { latest: Look; looking: Promise<boolean> | null } };
const seen = () => (holder.custodiaWrappingKey ??= { latest: { hindrance: null, atMs: 0 }, looking: null });

/**
 * Looks now, and says in the log when the wrapping key has begun or ceased to work, or fails for another reason. Never
 * throws.
 */
export function lookAtWrappingKey(): Promise<boolean> {
  const state = seen();
  return (state.looking ??= look().finally(() => (state.looking = null)));
}

/**
 * Whether the wrapping key worked at the latest look; an old look is renewed behind the answer, so that a key service
 * that hangs holds nobody up.
 */
export function wrappingKeyWorks(): boolean {
  if (!hasWrappingKeys(env())) return true;
  const { hindrance, atMs } = seen().latest;
  if (Date.now() - atMs > (hindrance === null ? believedMs : believedBadMs)) void lookAtWrappingKey();
  return hindrance === null;
}

async function look(): Promise<boolean> {
  const state = seen();
  const before = state.latest.hindrance;
  const error = await probeWrappingKey().then(
    () => null,
    (reason: unknown) => reason,
  );
  const hindrance = error === null ? null : hindranceOf(error);
  if (hindrance !== null && hindrance !== before)
    log.error(
      { error },
      "ALARM: the wrapping key of recordings cannot be used (ENVELOPE_KMS_*, ENVELOPE_KEYS): until it can, nothing is taken in or played that is sealed with it; nothing is lost",
    );
  if (hindrance === null && before !== null) log.info("the wrapping key of recordings works again");
  state.latest = { hindrance, atMs: Date.now() };
  return hindrance === null;
}

function hindranceOf(error: unknown): string {
  return refusalReason(error instanceof Error && error.cause !== undefined ? error.cause : error);
}
