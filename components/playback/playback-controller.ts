import { isForeign, listen, loadSource } from "@/components/playback/audio-source";
import { GrantKeeper } from "@/components/playback/grant-keeper";
import {
  type GrantState,
  isRenewalDue,
  type PlaybackAccess,
  type RequestGrant,
} from "@/components/playback/grant-machine";
import { linkRefusal } from "@/components/playback/link-refusal";
import { PlaybackSound } from "@/components/playback/playback-sound";
import { initialSnapshot, type PlaybackSnapshot } from "@/components/playback/playback-snapshot";
import { silenceJump } from "@/components/playback/silence";
import { clampPosition } from "@/components/playback/slider-keys";
import { bufferedRanges, type TimeRange } from "@/components/playback/time-range";

/** After this much audio through one link, the link counts as working. */
const PROOF_MS = 2000;
/** A longer step between two time updates is a seek. */
const LONGEST_STEP_MS = 2000;

/**
 * Controls one `<audio>` element: requests links when needed, restores position, speed and volume after a link expired,
 * and skips silences. Does not depend on React; `subscribe` and `getSnapshot` fit `useSyncExternalStore`.
 */
export class PlaybackController {
  #snapshot: PlaybackSnapshot;
  #listeners = new Set<() => void>();
  #audio: HTMLAudioElement | null = null;
  #access: PlaybackAccess | null = null;
  #keeper: GrantKeeper;
  /** True from a new link until the old position is restored: the element's times mean nothing then. */
  #restoring = false;
  #corsRefused = false;
  /** The code with which the last failed link was refused; null if it was not refused, or nothing responded. */
  #refusal: string | null = null;
  #heardMs = 0;
  #jumpedFromMs: number | null = null;

  /** Speed, volume and channels. */
  readonly sound = new PlaybackSound(
    () => this.#snapshot,
    (part) => this.#change(part),
  );

  #requestGrant: RequestGrant;

  constructor(
    durationMs: number,
    private readonly silences: readonly TimeRange[],
    requestGrant: RequestGrant,
  ) {
    this.#requestGrant = requestGrant;
    this.#snapshot = initialSnapshot(durationMs);
    this.#keeper = new GrantKeeper(
      () => (this.#access ? this.#requestGrant(this.#access) : Promise.reject(new Error("no purpose was given"))),
      (state, entered) => this.#grantChanged(state, entered),
    );
  }

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  getSnapshot = (): PlaybackSnapshot => this.#snapshot;

  /** Controls an element until the returned function is called. */
  attach = (audio: HTMLAudioElement): (() => void) => {
    this.#audio = audio;
    this.sound.attach(audio);
    const stopListening = listen(audio, {
      loadedmetadata: () => this.#restore(),
      timeupdate: () => this.#tick(),
      progress: () => this.#change({ buffered: bufferedRanges(audio.buffered) }),
      playing: () => this.#change({ activity: "playing" }),
      waiting: () => this.#snapshot.wanted && this.#change({ activity: "buffering" }),
      pause: () => this.#paused(),
      ended: () => this.#change({ activity: "ended", wanted: false, positionMs: this.#snapshot.durationMs }),
      error: () => this.#failed(),
    });
    return () => {
      stopListening();
      this.#release(audio);
    };
  };

  /** Sets the function that requests links: a component has a new one at each render. */
  askWith = (requestGrant: RequestGrant): void => {
    this.#requestGrant = requestGrant;
  };

  /** Sets purpose and reference for this visit. A link for another purpose is no longer used. */
  grantAccess = (access: PlaybackAccess): void => {
    this.#access = access;
    this.#keeper.send({ type: this.#snapshot.wanted ? "needed" : "abandoned" });
  };

  play = (): void => {
    if (!this.#access || !this.#audio) return;
    if (this.#snapshot.activity === "ended") this.#change({ positionMs: 0 });
    this.#change({ wanted: true, failure: null });
    this.sound.wake();
    const isOpen = this.#keeper.state.step === "open" && !isRenewalDue(this.#keeper.state, Date.now());
    if (isOpen && !this.#restoring) return this.#start();
    if (!isOpen) this.#keeper.send({ type: "needed" });
    this.#change({ activity: "loading" });
  };

  pause = (): void => {
    this.#change({ wanted: false });
    this.#audio?.pause();
    if (this.#keeper.state.step === "waiting") this.#keeper.send({ type: "abandoned" });
    if (this.#snapshot.activity !== "ended") this.#change({ activity: "paused" });
  };

  toggle = (): void => (this.#snapshot.wanted ? this.pause() : this.play());

  seekBy = (milliseconds: number): void => this.seekTo(this.currentMs() + milliseconds);

  seekTo = (milliseconds: number): void => {
    this.#jumpedFromMs = null;
    this.#moveTo(clampPosition(milliseconds, this.#snapshot.durationMs));
    if (this.#snapshot.activity === "ended") this.#change({ activity: "paused" });
  };

  setSkipSilence = (skipSilence: boolean): void => this.#change({ skipSilence });

  /** Returns the exact position, for drawing between two time updates. */
  currentMs = (): number => {
    const isLoaded =
      this.#audio && !this.#restoring && this.#audio.readyState > 0 && this.#snapshot.activity !== "ended";
    return isLoaded && this.#audio ? this.#audio.currentTime * 1000 : this.#snapshot.positionMs;
  };

  #grantChanged(state: GrantState, entered: boolean): void {
    if (state.step === "open") return entered ? this.#load(state.url) : undefined;
    this.#leaveSource();
    if (state.step === "refused") this.#fail(state.code);
    else if (state.step === "exhausted") this.#fail(this.#refusal ?? "playback_failed");
    else if (state.step !== "none") this.#change({ activity: this.#snapshot.wanted ? "loading" : "paused" });
  }

  /** Saves the position, because the element's time means nothing from now on. */
  #leaveSource(): void {
    if (this.#restoring || this.#snapshot.activity === "idle") return;
    this.#change({ positionMs: this.currentMs() });
    this.#restoring = true;
    this.#audio?.pause();
  }

  #load(url: string): void {
    if (!this.#audio) return;
    this.#restoring = true;
    this.#heardMs = 0;
    this.#change({ buffered: [] });
    loadSource(this.#audio, url, isForeign(url) && !this.#corsRefused);
  }

  #restore(): void {
    const audio = this.#audio;
    if (!audio) return;
    if (this.#snapshot.durationMs <= 0 && Number.isFinite(audio.duration))
      this.#change({ durationMs: audio.duration * 1000 });
    if (this.#corsRefused) this.#change({ mixing: "cross_origin" });
    if (this.#snapshot.positionMs > 0) audio.currentTime = this.#snapshot.positionMs / 1000;
    this.sound.restoreRate();
    this.#restoring = false;
    if (this.#snapshot.wanted) this.#start();
  }

  #start(): void {
    // A browser may refuse playback without a user gesture; the play button is then still there.
    this.#audio?.play().catch((error: unknown) => {
      if (error instanceof DOMException && error.name === "NotAllowedError") this.pause();
    });
  }

  #tick(): void {
    if (this.#restoring || !this.#audio || this.#snapshot.activity === "ended") return;
    const positionMs = this.#audio.currentTime * 1000;
    const step = positionMs - this.#snapshot.positionMs;
    if (step > 0 && step < LONGEST_STEP_MS) this.#heardMs += step;
    if (this.#heardMs >= PROOF_MS) this.#keeper.send({ type: "advanced" });
    this.#change({ positionMs });
    if (this.#snapshot.skipSilence && !this.#audio.paused) this.#skipFrom(positionMs);
  }

  #skipFrom(positionMs: number): void {
    const jump = silenceJump(this.silences, positionMs, this.#jumpedFromMs);
    if (!jump) return;
    this.#jumpedFromMs = jump.fromMs;
    this.#moveTo(jump.targetMs);
  }

  #moveTo(positionMs: number): void {
    this.#change({ positionMs });
    if (!this.#audio || this.#restoring || this.#keeper.state.step !== "open") return;
    const isBuffered = this.#snapshot.buffered.some((range) => positionMs >= range.startMs && positionMs < range.endMs);
    this.#audio.currentTime = positionMs / 1000;
    if (this.#snapshot.wanted && !isBuffered && isRenewalDue(this.#keeper.state, Date.now()))
      this.#keeper.send({ type: "needed" });
  }

  #paused(): void {
    if (this.#restoring || this.#audio?.ended) return;
    this.#change({ wanted: false, activity: "paused" });
  }

  #failed(): void {
    if (this.#retryWithoutCors()) return;
    this.#corsRefused = this.#corsRefused && !this.#restoring;
    // Without a listener no link is needed: the next play requests one.
    if (!this.#snapshot.wanted) return this.#keeper.send({ type: "abandoned" });
    void this.#askWhy();
  }

  async #askWhy(): Promise<void> {
    const { state } = this.#keeper;
    if (state.step !== "open") return;
    // A browser also pauses an element that failed: that is not the listener's action.
    this.#leaveSource();
    this.#refusal = await linkRefusal(state.url);
    // Meanwhile the listener may have pressed play again, or paused.
    if (this.#keeper.state !== state) return;
    this.#keeper.send(this.#snapshot.wanted ? { type: "media_failed", code: this.#refusal } : { type: "abandoned" });
  }

  // A store without CORS refuses the file; without Web Audio it still plays.
  #retryWithoutCors(): boolean {
    const { state } = this.#keeper;
    if (state.step !== "open" || !this.#restoring || this.#corsRefused || this.sound.isMixing || !isForeign(state.url))
      return false;
    this.#corsRefused = true;
    this.#load(state.url);
    return true;
  }

  #fail(failure: string): void {
    this.#change({ activity: "failed", wanted: false, failure });
  }

  #release(audio: HTMLAudioElement): void {
    this.#keeper.send({ type: "abandoned" });
    this.sound.release();
    this.#audio = null;
    audio.pause();
    audio.removeAttribute("src");
    audio.load();
  }

  #change(part: Partial<PlaybackSnapshot>): void {
    this.#snapshot = { ...this.#snapshot, ...part };
    for (const listener of this.#listeners) listener();
  }
}
