/** The purpose and reference that the listener stated. Every request for a grant during this visit has them. */
export type PlaybackAccess = { purpose: string; reference: string };
/** A link to the audio and when it expires (ISO 8601, UTC). */
export type PlaybackGrant = { url: string; expiresAt: string };
/** A grant, or the code of a refusal. */
export type GrantAnswer = PlaybackGrant | { error: string };
export type RequestGrant = (access: PlaybackAccess) => Promise<GrantAnswer>;

/** `attempt` counts the failures since audio last played. */
export type GrantState =
  | { step: "none" }
  | { step: "requesting"; attempt: number }
  | { step: "waiting"; attempt: number; delayMs: number }
  | { step: "open"; attempt: number; url: string; renewAtMs: number | null }
  | { step: "refused"; code: string }
  | { step: "exhausted" };

export type GrantEvent =
  /** The listener wants audio, and there is no link or it is about to expire. */
  | { type: "needed" }
  | { type: "received"; grant: PlaybackGrant; atMs: number }
  | { type: "refused"; code: string }
  | { type: "request_failed" }
  /**
   * The audio element failed. It cannot tell an expired link from a network failure: `code` is the portal's response.
   */
  | { type: "media_failed"; code?: string | null }
  | { type: "wait_over" }
  /** Audio was played through the link, so the link works. */
  | { type: "advanced" }
  /** Nobody is listening any more: pending work is dropped. */
  | { type: "abandoned" };

/** The delays before each retry. After the last one the player stops with an error. */
export const RETRY_DELAYS_MS = [0, 1000, 3000, 8000] as const;
/** Codes that a new link would not change. */
const FINAL_CODES: ReadonlySet<string> = new Set(["recording_damaged"]);
/** A link that expires within this time is renewed before playback continues. */
export const RENEWAL_MARGIN_MS = 10_000;

/**
 * Returns the next state of the link. Without `advanced` or an action of the listener it retries at most
 * `RETRY_DELAYS_MS.length` times.
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

/** True if the link should be renewed before its next use at `nowMs`. */
export function isRenewalDue(state: GrantState, nowMs: number): boolean {
  return state.step === "open" && state.renewAtMs !== null && nowMs >= state.renewAtMs;
}

function retry(failures: number): GrantState {
  const delayMs = RETRY_DELAYS_MS[failures];
  return delayMs === undefined ? { step: "exhausted" } : { step: "waiting", attempt: failures + 1, delayMs };
}

// If a new link looks expired, this computer's clock is wrong: then only a failure shows that it has expired.
function open(attempt: number, grant: PlaybackGrant, atMs: number): GrantState {
  const renewAtMs = Date.parse(grant.expiresAt) - RENEWAL_MARGIN_MS;
  return { step: "open", attempt, url: grant.url, renewAtMs: renewAtMs > atMs ? renewAtMs : null };
}
