import { AudioLink } from "@/components/playback/audio-link";
import { failedInDecoding, isForeign } from "@/components/playback/audio-source";
import { GrantKeeper } from "@/components/playback/grant-keeper";
import {
  type GrantState,
  isRenewalDue,
  type PlaybackAccess,
  type RequestGrant,
} from "@/components/playback/grant-machine";
import { checkLink, type LinkCheck } from "@/components/playback/link-check";
import type { HeardReporter, PlayFailure } from "@/components/playback/heard-reporter";
import type { ObservedSnapshot } from "@/components/playback/observed-snapshot";
import type { PlaybackSnapshot } from "@/components/playback/playback-snapshot";

/**
 * The audio of one `<audio>` element: requests a link for the stated purpose, loads it, replaces one that failed, and
 * keeps the position meanwhile.
 */
export class PlaybackSource {
  readonly #state: ObservedSnapshot;
  readonly #link = new AudioLink();
  readonly #keeper: GrantKeeper;
  readonly #heard: HeardReporter;
  #audio: HTMLAudioElement | null = null;
  #access: PlaybackAccess | null = null;
  /** The code with which the last failed link was refused; null if it was not refused, or nothing responded. */
  #refusal: string | null = null;
  #requestGrant: RequestGrant;

  constructor(state: ObservedSnapshot, requestGrant: RequestGrant, heard: HeardReporter) {
    this.#state = state;
    this.#heard = heard;
    this.#requestGrant = requestGrant;
    this.#keeper = new GrantKeeper(
      () => (this.#access ? this.#requestGrant(this.#access) : Promise.reject(new Error("no purpose was given"))),
      (grant, entered) => this.#grantChanged(grant, entered),
    );
  }

  /** True once a purpose was stated. */
  get hasAccess(): boolean {
    return this.#access !== null;
  }

  /** True from a new link until the old position is restored: the element's times mean nothing then. */
  get isRestoring(): boolean {
    return this.#link.isRestoring;
  }

  /** True if there is a link that need not be renewed. */
  get isOpen(): boolean {
    return this.#keeper.state.step === "open" && !isRenewalDue(this.#keeper.state, Date.now());
  }

  attach(audio: HTMLAudioElement): void {
    this.#audio = audio;
  }

  release(audio: HTMLAudioElement): void {
    this.#keeper.send({ type: "abandoned" });
    this.#audio = null;
    audio.pause();
    audio.removeAttribute("src");
    audio.load();
  }

  askWith(requestGrant: RequestGrant): void {
    this.#requestGrant = requestGrant;
  }

  /** Sets purpose and reference. A link for another purpose is no longer used. */
  grantAccess(access: PlaybackAccess): void {
    this.#access = access;
    this.#keeper.send({ type: this.#snapshot.wanted ? "needed" : "abandoned" });
  }

  /** Requests a new link. */
  renew(): void {
    this.#keeper.send({ type: "needed" });
  }

  /** Ends the wait before the next attempt, if there is one. */
  stopRetrying(): void {
    if (this.#keeper.state.step === "waiting") this.#keeper.send({ type: "abandoned" });
  }

  /** Returns the exact position, for drawing between two time updates. */
  currentMs(): number {
    const isLoaded =
      this.#audio && !this.isRestoring && this.#audio.readyState > 0 && this.#snapshot.activity !== "ended";
    return isLoaded && this.#audio ? this.#audio.currentTime * 1000 : this.#snapshot.positionMs;
  }

  /** Moves the element, if it has audio; otherwise the position of the snapshot is restored later. */
  seek(positionMs: number): void {
    if (!this.#audio || this.isRestoring || this.#keeper.state.step !== "open") return;
    const isBuffered = this.#snapshot.buffered.some((range) => positionMs >= range.startMs && positionMs < range.endMs);
    this.#audio.currentTime = positionMs / 1000;
    if (this.#snapshot.wanted && !isBuffered && !this.isOpen) this.renew();
  }

  /** Counts the step between two time updates: after enough of them the link counts as working. */
  advance(stepMs: number): void {
    if (this.#link.advance(stepMs)) this.#keeper.send({ type: "advanced" });
  }

  /** Restores the position once the element knows its audio. */
  restore(audio: HTMLAudioElement): void {
    const { durationMs, positionMs } = this.#snapshot;
    if (durationMs <= 0 && Number.isFinite(audio.duration)) this.#state.change({ durationMs: audio.duration * 1000 });
    if (this.#link.isWithoutCors) this.#state.change({ mixing: "cross_origin" });
    if (positionMs > 0) audio.currentTime = positionMs / 1000;
    this.#link.restored();
  }

  /** The element failed: tries again without CORS unless Web Audio is in use, then finds out why. */
  failed({ isMixing }: { isMixing: boolean }): void {
    const isDecoding = failedInDecoding(this.#audio);
    const { state } = this.#keeper;
    const mayRetry = this.#audio && state.step === "open" && !isMixing;
    if (mayRetry && this.#link.retryWithoutCors(this.#audio!, state.url)) return this.#state.change({ buffered: [] });
    this.#link.failed();
    // Without a listener no link is needed: the next play requests one.
    if (!this.#snapshot.wanted) return this.#keeper.send({ type: "abandoned" });
    void this.#askWhy(isDecoding);
  }

  async #askWhy(isDecoding: boolean): Promise<void> {
    const { state } = this.#keeper;
    if (state.step !== "open") return;
    // A browser also pauses an element that failed: that is not the listener's action.
    this.#leave();
    const link = await this.#check(state.url, isDecoding);
    this.#refusal = link.code;
    // Meanwhile the listener may have pressed play again, or paused.
    if (this.#keeper.state !== state) return;
    if (!this.#snapshot.wanted) return this.#keeper.send({ type: "abandoned" });
    const linkWorks = link.works === true;
    const isUndecodable = isDecoding && linkWorks;
    // A browser reports a load that was cut like a format that it does not know: the same link gets one more try.
    if (isUndecodable && this.#audio && this.#link.reload(this.#audio, state.url)) return;
    this.#keeper.send({ type: "media_failed", linkWorks, code: isUndecodable ? "undecodable" : link.code });
  }

  /** A store's link is only asked about a format: that request would tell nothing else. */
  async #check(url: string, isDecoding: boolean): Promise<LinkCheck> {
    return isForeign(url) && !isDecoding ? { works: null, code: null } : checkLink(url);
  }

  #grantChanged(state: GrantState, entered: boolean): void {
    if (state.step === "open") return entered ? this.#load(state) : undefined;
    this.#leave();
    if (state.step === "refused") this.#fail(state.code);
    else if (state.step === "exhausted") this.#fail(this.#refusal ?? "playback_failed");
    else if (state.step !== "none") this.#state.change({ activity: this.#snapshot.wanted ? "loading" : "paused" });
  }

  #load({ grantId, url }: { grantId: string; url: string }): void {
    if (!this.#audio) return;
    this.#heard.begin(grantId);
    this.#state.change({ buffered: [] });
    this.#link.load(this.#audio, url);
  }

  /** Saves the position, because the element's time means nothing from now on. */
  #leave(): void {
    if (this.isRestoring || this.#snapshot.activity === "idle") return;
    this.#state.change({ positionMs: this.currentMs() });
    this.#link.leave();
    this.#audio?.pause();
  }

  #fail(failure: string): void {
    this.#state.change({ activity: "failed", wanted: false, failure });
    // What the portal refused, it knows.
    if (isPlayFailure(failure)) this.#heard.failed(failure);
  }

  get #snapshot(): PlaybackSnapshot {
    return this.#state.current();
  }
}

const isPlayFailure = (code: string): code is PlayFailure => code === "undecodable" || code === "playback_failed";
