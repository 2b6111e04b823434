import { probeWrappingKey } from "@/lib/data-keys/probe-wrapping-key";
import { hasWrappingKeys } from "@/lib/data-keys/wrapping-keys";
import { env } from "@/lib/env";
import { log } from "@/lib/log";

/** A look is believed so long: who asks for the health of the portal does not decide how often the key service is called. */
const believedMs = 60_000;

let latest = { works: true, atMs: 0 };
let looking: Promise<boolean> | null = null;

/** Looks now, and says in the log when the wrapping key has begun or ceased to work. Never throws. */
export function lookAtWrappingKey(): Promise<boolean> {
  return (looking ??= look().finally(() => (looking = null)));
}

/**
 * Whether the wrapping key worked at the latest look; an old look is renewed behind the answer, so that a key service that hangs
 * holds nobody up.
 */
export function wrappingKeyWorks(): boolean {
  if (!hasWrappingKeys(env())) return true;
  if (Date.now() - latest.atMs > believedMs) void lookAtWrappingKey();
  return latest.works;
}

async function look(): Promise<boolean> {
  const works = await probeWrappingKey().then(
    () => true,
    (error: unknown) => {
      log.error({ error }, "ALARM: the wrapping key of recordings cannot be used (ENVELOPE_KMS_*, ENVELOPE_KEYS): until it can, nothing is taken in or played that is sealed with it; nothing is lost");
      return false;
    },
  );
  if (works && !latest.works) log.info("the wrapping key of recordings works again");
  latest = { works, atMs: Date.now() };
  return works;
}
