/** What the listener said before the first play. It goes with every request for a grant during this visit. */
export type PlaybackAccess = { purpose: string; reference: string };
/** A link to the audio and when it stops answering (ISO 8601, UTC). */
export type PlaybackGrant = { url: string; expiresAt: string };
/** A grant, or the stable code of a refusal. */
export type GrantAnswer = PlaybackGrant | { error: string };
export type RequestGrant = (access: PlaybackAccess) => Promise<GrantAnswer>;

/** `attempt` counts the failures since sound last advanced. */
export type GrantState =
  | { step: "none" }
  | { step: "requesting"; attempt: number }
  | { step: "waiting"; attempt: number; delayMs: number }
  | { step: "open"; attempt: number; url: string; renewAtMs: number | null }
  | { step: "refused"; code: string }
  | { step: "exhausted" };

export type GrantEvent =
  /** The listener wants sound and there is no link, or it is about to expire. */
  | { type: "needed" }
  | { type: "received"; grant: PlaybackGrant; atMs: number }
  | { type: "refused"; code: string }
  | { type: "request_failed" }
  /**
   * The audio element gave up. It cannot tell an expired link from a broken network: `code` is what the link itself
   * answered.
   */
  | { type: "media_failed"; code?: string | null }
  | { type: "wait_over" }
  /** The link proved good: a stretch of sound was heard through it. */
  | { type: "advanced" }
  /** Nobody is listening any more; whatever was under way is dropped. */
  | { type: "abandoned" };

/** How long to wait before each new attempt. When they are used up the player stops and says so. */
export const RETRY_DELAYS_MS = [0, 1000, 3000, 8000] as const;
/** What no new link would change. */
const FINAL_CODES: ReadonlySet<string> = new Set(["recording_damaged"]);
/** A link this close to its end is renewed before playing on. */
export const RENEWAL_MARGIN_MS = 10_000;

/**
 * The next state of the link to the audio. Bounded: without `advanced` or a wish of the listener it asks at most
 * `RETRY_DELAYS_MS.length` times again.
 */
export function reduceGrant(state: GrantState, event: GrantEvent): GrantState {
  switch (event.type) {
    case "needed":
      return state.step === "requesting"
        ? state
        : { step: "requesting", attempt: "attempt" in state ? state.attempt : 0 };
    case "received":
      return state.step === "requesting" ? open(state.attempt, event.grant, event.atMs) : state;
    case "refused":
      return state.step === "requesting" ? { step: "refused", code: event.code } : state;
    case "request_failed":
      return state.step === "requesting" ? retry(state.attempt) : state;
    case "media_failed":
      if (state.step !== "open") return state;
      return event.code && FINAL_CODES.has(event.code) ? { step: "refused", code: event.code } : retry(state.attempt);
    case "wait_over":
      return state.step === "waiting" ? { step: "requesting", attempt: state.attempt } : state;
    case "advanced":
      return state.step === "open" && state.attempt > 0 ? { ...state, attempt: 0 } : state;
    case "abandoned":
      return state.step === "none" ? state : { step: "none" };
  }
}

/** Whether the link should be renewed before it is used again at `nowMs`. */
export function isRenewalDue(state: GrantState, nowMs: number): boolean {
  return state.step === "open" && state.renewAtMs !== null && nowMs >= state.renewAtMs;
}

function retry(failures: number): GrantState {
  const delayMs = RETRY_DELAYS_MS[failures];
  return delayMs === undefined ? { step: "exhausted" } : { step: "waiting", attempt: failures + 1, delayMs };
}

// A link that looks expired on arrival means that this computer's clock is wrong: then only a failure tells.
function open(attempt: number, grant: PlaybackGrant, atMs: number): GrantState {
  const renewAtMs = Date.parse(grant.expiresAt) - RENEWAL_MARGIN_MS;
  return { step: "open", attempt, url: grant.url, renewAtMs: renewAtMs > atMs ? renewAtMs : null };
}
