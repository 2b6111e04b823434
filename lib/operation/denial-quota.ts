const windowMs = 60_000;
const perWindow = 30;

const recorded = new Map<string, { windowStart: number; count: number }>();

/**
 * Takes one of the 30 refusals that an actor may record in the audit log each minute; false if none is left. Stops an
 * actor from flooding the log. Call it once for each refusal.
 */
export function takeDenialQuota(actor: string, now = Date.now()): boolean {
  const entry = recorded.get(actor);
  if (!entry || now - entry.windowStart >= windowMs) {
    if (recorded.size > 10_000) recorded.clear();
    recorded.set(actor, { windowStart: now, count: 1 });
    return true;
  }
  entry.count += 1;
  return entry.count <= perWindow;
}
