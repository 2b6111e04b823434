const windowMs = 60_000;
const perWindow = 30;

const recorded = new Map<string, { windowStart: number; count: number }>();

/** Whether one more refusal of this actor goes to the audit log: at most 30 a minute, so that nobody can flood it. */
export function isDenialRecorded(actor: string, now = Date.now()): boolean {
  const entry = recorded.get(actor);
  if (!entry || now - entry.windowStart >= windowMs) {
    if (recorded.size > 10_000) recorded.clear();
    recorded.set(actor, { windowStart: now, count: 1 });
    return true;
  }
  entry.count += 1;
  return entry.count <= perWindow;
}
