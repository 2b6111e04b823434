import { AudioLink } from "@/components/playback/audio-link";
import { listen } from "@/components/playback/audio-source";
import { GrantKeeper } from "@/components/playback/grant-keeper";
import {
  type GrantState,
  isRenewalDue,
  type PlaybackAccess,
  type RequestGrant,
} from "@/components/playback/grant-machine";
import { linkRefusal } from "@/components/playback/link-refusal";
import { PlaybackSound } from "@/components/playback/playback-sound";
import { ObservedSnapshot } from "@/components/playback/observed-snapshot";
import type { PlaybackSnapshot } from "@/components/playback/playback-snapshot";
import { SilenceSkipper } from "@/components/playback/silence";
import { clampPosition } from "@/components/playback/slider-keys";
import { bufferedRanges, type TimeRange } from "@/components/playback/time-range";

/**
 * Controls one `<audio>` element: requests links when needed, restores position, speed and volume after a link expired,
 * and skips silences. Does not depend on React; `subscribe` and `getSnapshot` fit `useSyncExternalStore`.
 */
export class PlaybackController {
  readonly #state: ObservedSnapshot;
  readonly #link = new AudioLink();
  readonly #skipper: SilenceSkipper;
  readonly #keeper: GrantKeeper;
  #audio: HTMLAudioElement | null = null;
  #access: PlaybackAccess | null = null;
  /** The code with which the last failed link was refused; null if it was not refused, or nothing responded. */
  #refusal: string | null = null;
  #requestGrant: RequestGrant;

  /** Speed, volume and channels. */
  readonly sound: PlaybackSound;

  constructor(durationMs: number, silences: readonly TimeRange[], requestGrant: RequestGrant) {
    this.#requestGrant = requestGrant;
    this.#state = new ObservedSnapshot(durationMs);
    this.#skipper = new SilenceSkipper(silences);
    this.sound = new PlaybackSound(this.#state.current, this.#state.change);
    this.#keeper = new GrantKeeper(
      () => (this.#access ? this.#requestGrant(this.#access) : Promise.reject(new Error("no purpose was given"))),
      (state, entered) => this.#grantChanged(state, entered),
    );
  }

  subscribe = (listener: () => void): (() => void) => this.#state.subscribe(listener);

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
    if (isOpen && !this.#link.isRestoring) return this.#start();
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
    this.#skipper.reset();
    this.#moveTo(clampPosition(milliseconds, this.#snapshot.durationMs));
    if (this.#snapshot.activity === "ended") this.#change({ activity: "paused" });
  };

  setSkipSilence = (skipSilence: boolean): void => this.#change({ skipSilence });

  /** Returns the exact position, for drawing between two time updates. */
  currentMs = (): number => {
    const isLoaded =
      this.#audio && !this.#link.isRestoring && this.#audio.readyState > 0 && this.#snapshot.activity !== "ended";
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
    if (this.#link.isRestoring || this.#snapshot.activity === "idle") return;
    this.#change({ positionMs: this.currentMs() });
    this.#link.leave();
    this.#audio?.pause();
  }

  #load(url: string): void {
    if (!this.#audio) return;
    this.#change({ buffered: [] });
    this.#link.load(this.#audio, url);
  }

  #restore(): void {
    const audio = this.#audio;
    if (!audio) return;
    if (this.#snapshot.durationMs <= 0 && Number.isFinite(audio.duration))
      this.#change({ durationMs: audio.duration * 1000 });
    if (this.#link.isWithoutCors) this.#change({ mixing: "cross_origin" });
    if (this.#snapshot.positionMs > 0) audio.currentTime = this.#snapshot.positionMs / 1000;
    this.sound.restoreRate();
    this.#link.restored();
    if (this.#snapshot.wanted) this.#start();
  }

  #start(): void {
    // A browser may refuse playback without a user gesture; the play button is then still there.
    this.#audio?.play().catch((error: unknown) => {
      if (error instanceof DOMException && error.name === "NotAllowedError") this.pause();
    });
  }

  #tick(): void {
    if (this.#link.isRestoring || !this.#audio || this.#snapshot.activity === "ended") return;
    const positionMs = this.#audio.currentTime * 1000;
    if (this.#link.advance(positionMs - this.#snapshot.positionMs)) this.#keeper.send({ type: "advanced" });
    this.#change({ positionMs });
    const targetMs = this.#snapshot.skipSilence && !this.#audio.paused ? this.#skipper.jumpFrom(positionMs) : null;
    if (targetMs !== null) this.#moveTo(targetMs);
  }

  #moveTo(positionMs: number): void {
    this.#change({ positionMs });
    if (!this.#audio || this.#link.isRestoring || this.#keeper.state.step !== "open") return;
    const isBuffered = this.#snapshot.buffered.some((range) => positionMs >= range.startMs && positionMs < range.endMs);
    this.#audio.currentTime = positionMs / 1000;
    if (this.#snapshot.wanted && !isBuffered && isRenewalDue(this.#keeper.state, Date.now()))
      this.#keeper.send({ type: "needed" });
  }

  #paused(): void {
    if (this.#link.isRestoring || this.#audio?.ended) return;
    this.#change({ wanted: false, activity: "paused" });
  }

  #failed(): void {
    const { state } = this.#keeper;
    const mayRetry = this.#audio && state.step === "open" && !this.sound.isMixing;
    if (mayRetry && this.#link.retryWithoutCors(this.#audio!, state.url)) return this.#change({ buffered: [] });
    this.#link.failed();
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

  get #snapshot(): PlaybackSnapshot {
    return this.#state.current();
  }

  #change(part: Partial<PlaybackSnapshot>): void {
    this.#state.change(part);
  }
}
