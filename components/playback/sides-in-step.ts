import type { PlaybackController } from "@/components/playback/playback-controller";
import type { PlaybackSnapshot } from "@/components/playback/playback-snapshot";

/** The other side moves at once from this distance on while it plays, and below by its speed. */
const JUMP_MS = 300;
/** Nearer than this nobody hears a difference between two voices. */
const TOLERANCE_MS = 30;
/** The largest change of speed, which changes no pitch. */
const MOST_NUDGE = 0.05;
/** Durations are not exact: so near to its end the follower has no more to say. */
const END_MS = 250;
/** A larger step of the leader is a seek. */
const SEEK_MS = 1000;
/** So long before the follower begins a timer is set: time updates come four times a second. */
const SOON_MS = 1000;

/**
 * Keeps the two sides of a call in step, each with its own audio element and link. The leader begins first, or lasts
 * longer, and the follower plays at the leader's position less the offset between their starts. While either has no
 * sound yet, the other waits at speed 0. In the tail, after the leader's end, the follower plays on alone.
 */
export class SidesInStep {
  readonly #leader: PlaybackController;
  readonly #follower: PlaybackController;
  readonly #startsAtMs: number;
  #beginning: ReturnType<typeof setTimeout> | undefined;
  #wasInTail = false;
  #isAligning = false;
  #wasPlaying = false;
  #wasWanted = false;
  #hasFailed = false;
  #wasFollowing = false;
  #leaderMs = 0;
  /** Where the leader was when the follower ended, which may be before its stated duration. */
  #endedAtMs: number | null = null;
  /** Some formats seek to before the target: without this the follower would seek for ever. */
  #jumpedAtMs: number | null = null;

  /** @param startsAtMs when the follower begins, counted from the leader's start: before the leader's end. */
  constructor(leader: PlaybackController, follower: PlaybackController, startsAtMs = 0) {
    this.#leader = leader;
    this.#follower = follower;
    this.#startsAtMs = startsAtMs;
  }

  /** Works until the returned function is called. */
  start(): () => void {
    const stops = [this.#leader, this.#follower].map((side) => side.subscribe(this.#align));
    return () => {
      clearTimeout(this.#beginning);
      stops.forEach((stop) => stop());
    };
  }

  /** Changes both sides, then aligns them where they were put. */
  move(change: () => void): void {
    this.#isAligning = true;
    change();
    this.#isAligning = false;
    this.#wasInTail = this.isInTail;
    this.#align();
  }

  /** The leader is at its end, and the follower has sound after it. */
  get isInTail(): boolean {
    const { positionMs, durationMs } = this.#lead;
    return positionMs >= durationMs && this.#startsAtMs + this.#follow.durationMs > durationMs;
  }

  /** The leader could play on, but the follower has no sound yet. */
  get waitsForFollower(): boolean {
    return this.#lead.activity === "playing" && isStalled(this.#follow) && !this.#isSilent;
  }

  #align = (): void => {
    // What is changed here calls the listeners again.
    if (this.#isAligning) return;
    this.#isAligning = true;
    this.#noteSteps();
    if (this.isInTail) this.#playTail();
    else {
      this.#stopWithFailure();
      this.#playTogether();
      this.#waitForEachOther();
      this.#correctDrift();
      this.#awaitBeginning();
    }
    this.#wasInTail = this.isInTail;
    this.#wasFollowing = this.#follow.wanted;
    this.#copyVolume();
    this.#isAligning = false;
  };

  /** After a seek and at a pause the follower may jump again. */
  #noteSteps(): void {
    const positionMs = this.#leader.currentMs();
    const isPlaying = this.#lead.activity === "playing";
    const hasSeeked = Math.abs(positionMs - this.#leaderMs) > SEEK_MS;
    const isPast = this.#jumpedAtMs !== null && Math.abs(positionMs - this.#jumpedAtMs) > 2 * SEEK_MS;
    if (hasSeeked || isPast || (this.#wasPlaying && !isPlaying)) this.#jumpedAtMs = null;
    this.#endedAtMs = this.#follow.activity === "ended" ? (this.#endedAtMs ?? positionMs) : null;
    this.#leaderMs = positionMs;
    this.#wasPlaying = isPlaying;
  }

  /** The follower has no one to follow. It is where the leader jumped to over a silence at its end. */
  #playTail(): void {
    const isEntered = !this.#wasInTail && this.#follow.activity !== "ended";
    if (isEntered && Math.abs(this.#distanceMs(this.#lead.positionMs)) > JUMP_MS)
      this.#follower.seekTo(this.#lead.positionMs - this.#startsAtMs);
    if (isEntered && this.#wasWanted && !this.#follow.wanted && !this.#hasFailed) this.#follower.play();
    this.#wasWanted = this.#lead.wanted;
    this.#leader.sound.wait(false);
    this.#follower.sound.wait(false);
    if (this.#follow.rate !== this.#lead.rate) this.#follower.sound.setRate(this.#lead.rate);
  }

  /** One side is never heard without the other, unless the listener presses play again after the failure. */
  #stopWithFailure(): void {
    const hasFailed = this.#follow.activity === "failed";
    // A browser may refuse to play a second element without a press of its own.
    const hasStopped = this.#wasFollowing && !this.#follow.wanted && !hasFailed && this.#follow.activity !== "ended";
    if (((hasFailed && !this.#hasFailed) || hasStopped) && this.#lead.wanted) this.#leader.pause();
    this.#hasFailed = hasFailed;
  }

  #playTogether(): void {
    const { wanted } = this.#lead;
    const begins = wanted && !this.#wasWanted;
    this.#wasWanted = wanted;
    if (!wanted || this.#isBefore) return this.#follow.wanted ? this.#follower.pause() : undefined;
    if (this.#isOver || this.#follow.wanted || (this.#hasFailed && !begins)) return;
    if (this.#distanceMs() !== 0) this.#follower.seekTo(this.#leader.currentMs() - this.#startsAtMs);
    this.#follower.play();
  }

  #waitForEachOther(): void {
    const [lead, follow] = [isStalled(this.#lead), isStalled(this.#follow)];
    this.#leader.sound.wait(follow && !lead && !this.#isSilent);
    this.#follower.sound.wait(lead && !follow);
  }

  #correctDrift(): void {
    const distanceMs = this.#distanceMs();
    const arePlaying = this.#lead.activity === "playing" && this.#follow.activity === "playing";
    if (this.#isSilent || this.#hasFailed) return;
    const isFar = Math.abs(distanceMs) > (arePlaying ? JUMP_MS : TOLERANCE_MS);
    if (isFar && this.#jumpedAtMs === null) {
      this.#jumpedAtMs = this.#leaderMs;
      this.#follower.seekTo(this.#leaderMs - this.#startsAtMs);
    }
    const nudge = arePlaying && Math.abs(distanceMs) > TOLERANCE_MS ? distanceMs / JUMP_MS / 4 : 0;
    const rate = this.#lead.rate * (1 - Math.max(-MOST_NUDGE, Math.min(MOST_NUDGE, nudge)));
    if (Math.abs(rate - this.#follow.rate) > 0.004) this.#follower.sound.setRate(rate);
  }

  #copyVolume(): void {
    const { volume, muted } = this.#lead;
    if (this.#follow.volume !== volume) this.#follower.sound.setVolume(volume);
    if (this.#follow.muted !== muted) this.#follower.sound.setMuted(muted);
  }

  /** Begins the follower in time. */
  #awaitBeginning(): void {
    clearTimeout(this.#beginning);
    const waitMs = (this.#startsAtMs - this.#leader.currentMs()) / this.#lead.rate;
    if (this.#lead.activity === "playing" && waitMs > 0 && waitMs < SOON_MS)
      this.#beginning = setTimeout(this.#align, waitMs);
  }

  /** How far the follower is ahead. */
  #distanceMs(ofMs = this.#leader.currentMs()): number {
    return this.#follower.currentMs() + this.#startsAtMs - ofMs;
  }

  get #isBefore(): boolean {
    return this.#leader.currentMs() < this.#startsAtMs;
  }

  /** The follower has no more sound at this position. */
  get #isOver(): boolean {
    return this.#leader.currentMs() >= (this.#endedAtMs ?? this.#startsAtMs + this.#follow.durationMs) - END_MS;
  }

  /** The follower has no sound at this position. */
  get #isSilent(): boolean {
    return this.#isBefore || this.#isOver;
  }

  get #lead(): PlaybackSnapshot {
    return this.#leader.getSnapshot();
  }

  get #follow(): PlaybackSnapshot {
    return this.#follower.getSnapshot();
  }
}

const isStalled = ({ wanted, activity }: PlaybackSnapshot) =>
  wanted && (activity === "loading" || activity === "buffering");
