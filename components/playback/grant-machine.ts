/** The purpose and reference that the listener stated. Every request for a grant during this visit has them. */
export type PlaybackAccess = { purpose: string; reference: string };
/** A link to the audio and when it expires (ISO 8601, UTC). */
export type PlaybackGrant = { grantId: string; url: string; expiresAt: string };
/** A grant, or the code of a refusal. */
export type GrantAnswer = PlaybackGrant | { error: string };
export type RequestGrant = (access: PlaybackAccess) => Promise<GrantAnswer>;

type GrantLink = { grantId: string; url: string; renewAtMs: number | null };

/** `attempt` counts the failures since audio last played. */
export type GrantState =
  | { step: "none" }
  | { step: "requesting"; attempt: number }
  /** `link`: one that works, to be loaded again. Without it a new one is requested. */
  | { step: "waiting"; attempt: number; delayMs: number; link?: GrantLink }
  | ({ step: "open"; attempt: number } & GrantLink)
  | { step: "refused"; code: string }
  | { step: "exhausted" };

export type GrantEvent =
  /** The listener wants audio, and there is no link or it is about to expire. */
  | { type: "needed" }
  | { type: "received"; grant: PlaybackGrant; atMs: number }
  | { type: "refused"; code: string }
  | { type: "request_failed" }
  /** The audio element failed. `code` is `undecodable`, or the portal's response about a link that does not work. */
  | { type: "media_failed"; code?: string | null; linkWorks?: boolean }
  | { type: "wait_over" }
  /** Audio was played through the link, so the link works. */
  | { type: "advanced" }
  /** Nobody is listening any more: pending work is dropped. */
  | { type: "abandoned" };

/** The delays before each retry. After the last one the player stops with an error. */
export const RETRY_DELAYS_MS = [0, 1000, 3000, 8000] as const;
/** Codes that a new link would not change. `undecodable`: the link works, and the browser cannot decode its audio. */
const FINAL_CODES: ReadonlySet<string> = new Set(["recording_damaged", "undecodable"]);
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
      return state.step === "open" ? afterFailure(state, event) : state;
    case "wait_over":
      return state.step === "waiting" ? afterWait(state) : state;
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

/** A link that works is kept: another grant would give the same bytes, and an entry of an access more. */
function afterFailure(
  { attempt, grantId, url, renewAtMs }: GrantState & { step: "open" },
  { code, linkWorks }: GrantEvent & { type: "media_failed" },
): GrantState {
  if (code && FINAL_CODES.has(code)) return { step: "refused", code };
  return retry(attempt, linkWorks ? { grantId, url, renewAtMs } : undefined);
}

function afterWait({ attempt, link }: GrantState & { step: "waiting" }): GrantState {
  return link ? { step: "open", attempt, ...link } : { step: "requesting", attempt };
}

function retry(failures: number, link?: GrantLink): GrantState {
  const delayMs = RETRY_DELAYS_MS[failures];
  if (delayMs === undefined) return { step: "exhausted" };
  return { step: "waiting", attempt: failures + 1, delayMs, ...(link && { link }) };
}

// If a new link looks expired, this computer's clock is wrong: then only a failure shows that it has expired.
function open(attempt: number, grant: PlaybackGrant, atMs: number): GrantState {
  const renewAtMs = Date.parse(grant.expiresAt) - RENEWAL_MARGIN_MS;
  const { grantId, url } = grant;
  return { step: "open", attempt, grantId, url, renewAtMs: renewAtMs > atMs ? renewAtMs : null };
}
