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

/**
 * Keeps the two sides of a call in step, each with its own audio element and link. The leader, which lasts longer, is
 * the one that the listener controls. While either has no sound yet, the other waits at speed 0.
 */
export class SidesInStep {
  readonly #leader: PlaybackController;
  readonly #follower: PlaybackController;
  #isAligning = false;
  #wasPlaying = false;
  #wasWanted = false;
  #hasFailed = false;
  #leaderMs = 0;
  /** Where the leader was when the follower ended, which may be before its stated duration. */
  #endedAtMs: number | null = null;
  /** Some formats seek to before the target: without this the follower would seek for ever. */
  #jumpedAtMs: number | null = null;

  constructor(leader: PlaybackController, follower: PlaybackController) {
    this.#leader = leader;
    this.#follower = follower;
  }

  /** Works until the returned function is called. */
  start(): () => void {
    const stops = [this.#leader, this.#follower].map((side) => side.subscribe(this.#align));
    return () => stops.forEach((stop) => stop());
  }

  #align = (): void => {
    // What is changed here calls the listeners again.
    if (this.#isAligning) return;
    this.#isAligning = true;
    this.#noteSteps();
    this.#stopWithFailure();
    this.#playTogether();
    this.#waitForEachOther();
    this.#correctDrift();
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

  /** One side is never heard without the other, unless the listener presses play again after the failure. */
  #stopWithFailure(): void {
    const hasFailed = this.#follow.activity === "failed";
    if (hasFailed && !this.#hasFailed && this.#lead.wanted) this.#leader.pause();
    this.#hasFailed = hasFailed;
  }

  #playTogether(): void {
    const { wanted } = this.#lead;
    const begins = wanted && !this.#wasWanted;
    this.#wasWanted = wanted;
    if (!wanted) return this.#follow.wanted ? this.#follower.pause() : undefined;
    if (this.#isOver || this.#follow.wanted || (this.#hasFailed && !begins)) return;
    if (this.#distanceMs() !== 0) this.#follower.seekTo(this.#leader.currentMs());
    this.#follower.play();
  }

  #waitForEachOther(): void {
    const [lead, follow] = [isStalled(this.#lead), isStalled(this.#follow)];
    this.#leader.sound.wait(follow && !lead && !this.#isOver);
    this.#follower.sound.wait(lead && !follow);
  }

  #correctDrift(): void {
    const distanceMs = this.#distanceMs();
    const arePlaying = this.#lead.activity === "playing" && this.#follow.activity === "playing";
    if (this.#isOver || this.#hasFailed) return;
    const isFar = Math.abs(distanceMs) > (arePlaying ? JUMP_MS : TOLERANCE_MS);
    if (isFar && this.#jumpedAtMs === null) {
      this.#jumpedAtMs = this.#leaderMs;
      this.#follower.seekTo(this.#leaderMs);
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

  /** How far the follower is ahead. */
  #distanceMs(): number {
    return this.#follower.currentMs() - this.#leader.currentMs();
  }

  /** The follower has no more sound at this position. */
  get #isOver(): boolean {
    return this.#leader.currentMs() >= (this.#endedAtMs ?? this.#follow.durationMs) - END_MS;
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

/** The state of both sides as one: that of the leader, unless the other has no sound yet or failed. */
export function snapshotOfBoth(lead: PlaybackSnapshot, follow: PlaybackSnapshot): PlaybackSnapshot {
  const waits = lead.activity === "playing" && isStalled(follow) && lead.positionMs < follow.durationMs - END_MS;
  return { ...lead, activity: waits ? "buffering" : lead.activity, failure: lead.failure ?? follow.failure };
}
