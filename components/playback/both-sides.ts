import type { PlaybackAccess } from "@/components/playback/grant-machine";
import type { PlaybackController, PlayerControls } from "@/components/playback/playback-controller";
import type { PlaybackSnapshot } from "@/components/playback/playback-snapshot";
import type { PlaybackSound } from "@/components/playback/playback-sound";
import { SidesInStep } from "@/components/playback/sides-in-step";
import { clampPosition } from "@/components/playback/slider-keys";

/** The two sides of a call as one: the time line begins with the leader and ends with whichever side lasts longer. */
export class BothSides implements PlayerControls {
  readonly #leader: PlaybackController;
  readonly #follower: PlaybackController;
  readonly #startsAtMs: number;
  readonly #step: SidesInStep;
  #known: { of: readonly unknown[]; snapshot: PlaybackSnapshot } | null = null;

  readonly sound: PlaybackSound;

  /** @param startsAtMs when the follower begins, counted from the leader's start. */
  constructor(leader: PlaybackController, follower: PlaybackController, startsAtMs: number) {
    this.#leader = leader;
    this.#follower = follower;
    this.#startsAtMs = startsAtMs;
    this.#step = new SidesInStep(leader, follower, startsAtMs);
    this.sound = leader.sound;
  }

  /** Works until the returned function is called. */
  start = (): (() => void) => this.#step.start();

  subscribe = (listener: () => void): (() => void) => {
    const stops = [this.#leader, this.#follower].map((side) => side.subscribe(listener));
    return () => stops.forEach((stop) => stop());
  };

  getSnapshot = (): PlaybackSnapshot => {
    const of = [this.#leader.getSnapshot(), this.#follower.getSnapshot()] as const;
    if (this.#known?.of.every((part, index) => part === of[index])) return this.#known.snapshot;
    const snapshot = snapshotOfBoth(...of, this.#startsAtMs, this.#step);
    this.#known = { of, snapshot };
    return snapshot;
  };

  play = (): void => {
    if (this.getSnapshot().activity === "ended") this.seekTo(0);
    (this.#step.isInTail ? this.#follower : this.#leader).play();
  };

  pause = (): void => {
    this.#leader.pause();
    this.#follower.pause();
  };

  toggle = (): void => (this.getSnapshot().wanted ? this.pause() : this.play());

  seekBy = (milliseconds: number): void => this.seekTo(this.currentMs() + milliseconds);

  seekTo = (milliseconds: number): void => {
    const { wanted, durationMs } = this.getSnapshot();
    const endMs = this.#leader.getSnapshot().durationMs;
    const [targetMs, wasInTail] = [clampPosition(milliseconds, durationMs), this.#step.isInTail];
    this.#step.move(() => {
      if (targetMs < endMs || durationMs === endMs) {
        this.#leader.seekTo(targetMs);
        if (wasInTail && wanted) this.#leader.play();
        return;
      }
      this.#leader.pause();
      this.#leader.seekTo(endMs);
      this.#follower.seekTo(targetMs - this.#startsAtMs);
      if (wanted) this.#follower.play();
    });
  };

  setSkipSilence = (skipSilence: boolean): void => {
    this.#leader.setSkipSilence(skipSilence);
    this.#follower.setSkipSilence(skipSilence);
  };

  grantAccess = (access: PlaybackAccess): void => {
    this.#leader.grantAccess(access);
    this.#follower.grantAccess(access);
  };

  currentMs = (): number =>
    this.#step.isInTail ? this.#follower.currentMs() + this.#startsAtMs : this.#leader.currentMs();
}

/** The state of both sides as one: that of the leader, and after its end that of the other. */
function snapshotOfBoth(
  lead: PlaybackSnapshot,
  follow: PlaybackSnapshot,
  startsAtMs: number,
  { isInTail, waitsForFollower }: Pick<SidesInStep, "isInTail" | "waitsForFollower">,
): PlaybackSnapshot {
  const durationMs = Math.max(lead.durationMs, startsAtMs + follow.durationMs);
  const both = {
    ...lead,
    durationMs,
    failure: lead.failure ?? follow.failure,
    buffered: [...lead.buffered, ...afterEnd(lead, follow, startsAtMs)],
  };
  if (isInTail) {
    const { activity, wanted, positionMs } = follow;
    return { ...both, activity, wanted, positionMs: positionMs + startsAtMs };
  }
  return { ...both, activity: waitsForFollower ? "buffering" : lead.activity };
}

/** What the follower has buffered after the leader's end. */
const afterEnd = (lead: PlaybackSnapshot, follow: PlaybackSnapshot, startsAtMs: number) =>
  follow.buffered
    .map(({ startMs, endMs }) => ({
      startMs: Math.max(lead.durationMs, startMs + startsAtMs),
      endMs: endMs + startsAtMs,
    }))
    .filter(({ startMs, endMs }) => endMs > startMs);
