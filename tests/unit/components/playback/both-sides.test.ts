import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { BothSides } from "@/components/playback/both-sides";
import { access, fakeSide, type FakeSide } from "./fake-side";
import { fakePage } from "./fake-page";

let customer: FakeSide;
let agent: FakeSide;
let both: BothSides;
let stop: () => void;

/** The customer's side leads and lasts 60 s; the agent's begins 20 s later and lasts 50 s, to 70 s of the time line. */
beforeEach(() => {
  fakePage();
  [customer, agent] = [fakeSide(60_000, [{ startMs: 55_000, endMs: 66_000 }]), fakeSide(50_000)];
  both = new BothSides(customer.controller, agent.controller, 20_000);
  stop = both.start();
});

afterEach(() => {
  stop();
  vi.useRealTimers();
  // Otherwise its timer lives on in the next file.
  for (const side of [customer, agent]) side.release();
});

const patience = { timeout: 20_000 };

/** A side has its link, and then its sound. */
async function load({ audio }: FakeSide): Promise<void> {
  await vi.waitFor(() => expect(audio.src).toBe("/api/playback/g"), patience);
  audio.loaded();
}

async function playFrom(seconds: number): Promise<void> {
  both.seekTo(seconds * 1000);
  both.play();
  await load(customer);
}

/** Plays at 30 s of the time line, where both are heard. */
async function playBoth(): Promise<void> {
  await playFrom(30);
  await load(agent);
}

function end({ audio }: FakeSide): void {
  audio.paused = true;
  audio.dispatchEvent(new Event("ended"));
}

const positions = () => [customer.audio.currentTime, agent.audio.currentTime];
const arePaused = () => [customer.audio.paused, agent.audio.paused];

test("the side that begins later has neither grant nor sound before, and is waited for when it begins", async () => {
  await playFrom(0);
  customer.audio.playTo(19);
  expect([agent.asked, agent.audio.paused]).toEqual([[], true]);
  expect(both.getSnapshot()).toMatchObject({ activity: "playing", positionMs: 19_000, durationMs: 70_000 });
  customer.audio.playTo(20.1);
  expect(agent.asked).toEqual([access]);
  expect([customer.audio.playbackRate, both.getSnapshot().activity]).toEqual([0, "buffering"]);
  await load(agent);
  expect(customer.audio.playbackRate).toBe(1);
  expect(agent.audio.currentTime).toBeCloseTo(0.1);
  expect([arePaused(), both.getSnapshot().activity]).toEqual([[false, false], "playing"]);
});

test("it begins on time between two time updates, at any speed", async () => {
  await playFrom(0);
  both.sound.setRate(2);
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  customer.audio.playTo(19);
  customer.audio.currentTime = 19.9;
  await vi.advanceTimersByTimeAsync(499);
  expect(agent.asked).toEqual([]);
  customer.audio.currentTime = 20;
  await vi.advanceTimersByTimeAsync(60);
  expect(agent.asked).toEqual([access]);
});

test("a seek moves both, each to its own place", async () => {
  await playBoth();
  expect(positions()).toEqual([30, 10]);
  both.seekTo(45_000);
  expect([positions(), arePaused()]).toEqual([
    [45, 25],
    [false, false],
  ]);
  both.seekTo(10_000);
  expect([customer.audio.currentTime, arePaused()]).toEqual([10, [false, true]]);
  both.seekBy(20_000);
  expect([positions(), arePaused()]).toEqual([
    [30, 10],
    [false, false],
  ]);
  both.pause();
  both.seekTo(40_000);
  expect([positions(), arePaused()]).toEqual([
    [40, 20],
    [true, true],
  ]);
});

test("the side that lasts longer plays on alone to the end of the time line", async () => {
  await playBoth();
  both.seekTo(59_000);
  end(customer);
  expect(both.getSnapshot()).toMatchObject({ activity: "playing", wanted: true });
  agent.audio.playTo(44);
  expect([both.getSnapshot().positionMs, both.currentMs(), agent.audio.paused]).toEqual([64_000, 64_000, false]);
  both.sound.setRate(1.5);
  expect(agent.audio.playbackRate).toBe(1.5);
  both.toggle();
  expect([agent.audio.paused, both.getSnapshot().activity]).toEqual([true, "paused"]);
  both.toggle();
  expect([agent.audio.paused, both.getSnapshot().wanted]).toEqual([false, true]);
  end(agent);
  expect(both.getSnapshot()).toMatchObject({ activity: "ended", wanted: false, positionMs: 70_000 });

  both.play();
  expect([customer.audio.currentTime, arePaused()]).toEqual([0, [false, true]]);
  expect(both.getSnapshot()).toMatchObject({ activity: "playing", positionMs: 0 });
  expect([customer.asked, agent.asked]).toEqual([[access], [access]]);
});

test("a seek leads into what only one side has, and back", async () => {
  await playBoth();
  both.seekTo(65_000);
  expect([agent.audio.currentTime, arePaused()]).toEqual([45, [true, false]]);
  expect(both.getSnapshot()).toMatchObject({ activity: "playing", positionMs: 65_000 });
  both.seekTo(35_000);
  expect([positions(), arePaused()]).toEqual([
    [35, 15],
    [false, false],
  ]);
  both.pause();
  both.seekTo(99_000);
  expect(both.getSnapshot()).toMatchObject({ wanted: false, positionMs: 70_000 });
  expect(arePaused()).toEqual([true, true]);
});

test("a silence that is skipped over the end of one side leads into the other", async () => {
  await playBoth();
  both.setSkipSilence(true);
  customer.audio.playTo(56);
  expect(agent.audio.currentTime).toBeCloseTo(45.8);
  end(customer);
  expect(both.getSnapshot()).toMatchObject({ activity: "playing", positionMs: 65_800 });
  expect(agent.audio.paused).toBe(false);
});

test("if the browser refuses to begin the second side, both stop, and a press plays both", async () => {
  await playFrom(0);
  agent.audio.refusal = new DOMException("no gesture", "NotAllowedError");
  customer.audio.playTo(20);
  await load(agent);
  await vi.waitFor(() => expect(customer.audio.paused).toBe(true), patience);
  expect(agent.audio.plays).toBe(1);
  expect(both.getSnapshot()).toMatchObject({ wanted: false, activity: "paused" });
  agent.audio.refusal = null;
  both.play();
  expect(arePaused()).toEqual([false, false]);
});
