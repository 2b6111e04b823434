import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { BothSides } from "@/components/playback/both-sides";
import { access, fakeSide, type FakeSide } from "./fake-side";
import { fakePage } from "./fake-page";

let [agent, customer]: FakeSide[] = [];
let both: BothSides;

/** The agent's side leads and lasts 60 s, the customer's 40 s. */
beforeEach(() => {
  fakePage();
  [agent, customer] = [fakeSide(60_000), fakeSide(40_000)];
  agent.controller.sound.joinSide(customer.controller.sound, 0);
  both = new BothSides(agent.controller, customer.controller, 0);
  both.start();
});

afterEach(() => {
  // Otherwise its timer lives on in the next file.
  for (const side of [customer, agent]) side?.release();
});

const patience = { timeout: 20_000 };

/** Both sides have their links. */
const linked = () =>
  vi.waitFor(() => expect([agent!.audio.src, customer!.audio.src]).toEqual(Array(2).fill("/api/playback/g")), patience);

async function playBoth(): Promise<void> {
  agent!.controller.play();
  await linked();
  agent!.audio.loaded();
  customer!.audio.loaded();
}

/** Time passes: the agent's side is at `seconds`, the customer's `ahead` of it. */
function passTo(seconds: number, ahead = 0): void {
  customer!.audio.currentTime = seconds + ahead;
  agent!.audio.playTo(seconds);
}

test("plays both under the same purpose, each with one grant", async () => {
  await playBoth();
  expect([agent!.asked, customer!.asked]).toEqual([[access], [access]]);
  expect([agent!.audio.paused, customer!.audio.paused]).toEqual([false, false]);
});

test("neither is heard while the other has no sound yet", async () => {
  agent!.controller.play();
  await linked();
  agent!.audio.loaded();
  expect([agent!.audio.playbackRate, customer!.audio.playbackRate]).toEqual([0, 1]);
  expect(both.getSnapshot().activity).toBe("buffering");
  customer!.audio.loaded();
  expect([agent!.audio.playbackRate, customer!.audio.playbackRate]).toEqual([1, 1]);

  customer!.audio.dispatchEvent(new Event("waiting"));
  expect(agent!.audio.playbackRate).toBe(0);
  expect(agent!.controller.getSnapshot()).toMatchObject({ wanted: true, rate: 1 });
  customer!.audio.dispatchEvent(new Event("playing"));
  agent!.audio.dispatchEvent(new Event("waiting"));
  expect([agent!.audio.playbackRate, customer!.audio.playbackRate]).toEqual([1, 0]);
  agent!.audio.dispatchEvent(new Event("playing"));
  expect([agent!.audio.playbackRate, customer!.audio.playbackRate]).toEqual([1, 1]);
});

test("both seek, pause and change their speed together", async () => {
  await playBoth();
  passTo(2);
  agent!.controller.seekTo(15_000);
  expect(customer!.audio.currentTime).toBe(15);
  agent!.controller.sound.setRate(2);
  expect([agent!.audio.playbackRate, customer!.audio.playbackRate]).toEqual([2, 2]);
  passTo(16, 0.1);
  agent!.controller.pause();
  expect([agent!.audio.paused, customer!.audio.paused]).toEqual([true, true]);
  expect(customer!.audio.currentTime).toBe(16);
  agent!.controller.seekTo(3000);
  expect([agent!.audio.currentTime, customer!.audio.currentTime]).toEqual([3, 3]);
});

test("a side that runs ahead or behind is slowed or hastened, and jumps once from far", async () => {
  await playBoth();
  passTo(1, 0.15);
  expect(customer!.audio.playbackRate).toBe(0.95);
  passTo(1.5, -0.06);
  expect(customer!.audio.playbackRate).toBeCloseTo(1.05, 3);
  passTo(2, 0.01);
  expect(customer!.audio.playbackRate).toBe(1);
  passTo(2.5, 0.8);
  expect(customer!.audio.currentTime).toBe(2.5);
  // A format that seeks to another place than was asked for.
  passTo(2.75, 0.8);
  expect(customer!.audio.currentTime).toBe(3.55);
  expect(customer!.audio.playbackRate).toBe(0.95);
});

test("a side that fails stops the other, which plays alone only if the listener wants it", async () => {
  await playBoth();
  agent!.controller.pause();
  vi.stubGlobal("fetch", () => Promise.resolve(new Response(null, { status: 206 })));
  agent!.controller.play();
  customer!.audio.fail(3);
  await vi.waitFor(() => {
    if (customer!.controller.getSnapshot().activity !== "failed") customer!.audio.fail(3);
    expect(customer!.controller.getSnapshot().failure).toBe("undecodable");
  }, patience);
  expect(agent!.controller.getSnapshot()).toMatchObject({ wanted: false, activity: "paused", failure: null });
  agent!.controller.play();
  expect(agent!.audio.paused).toBe(false);
  expect(customer!.controller.getSnapshot().activity).toBe("failed");
  passTo(5);
  expect(agent!.audio.paused).toBe(false);
});

test("the longer side goes on when the shorter has ended, which plays again after a seek", async () => {
  await playBoth();
  agent!.controller.seekTo(39_000);
  customer!.audio.dispatchEvent(new Event("ended"));
  passTo(41);
  expect(agent!.controller.getSnapshot()).toMatchObject({ wanted: true, activity: "playing" });
  expect([agent!.audio.playbackRate, customer!.controller.getSnapshot().wanted]).toEqual([1, false]);
  agent!.controller.seekTo(10_000);
  expect([customer!.controller.getSnapshot().wanted, customer!.audio.currentTime]).toEqual([true, 10]);
});

test("each side has its own volume within that of the player", () => {
  agent!.controller.sound.setVolume(0.5);
  agent!.controller.sound.setChannelVolume(1, 0.4);
  expect([agent!.audio.volume, customer!.audio.volume]).toEqual([0.5, 0.2]);
  agent!.controller.sound.setChannelVolume(0, 0);
  agent!.controller.sound.setVolume(1);
  expect([agent!.audio.volume, customer!.audio.volume]).toEqual([0, 0.4]);
  agent!.controller.sound.setMuted(true);
  expect([agent!.audio.muted, customer!.audio.muted]).toEqual([true, true]);
  expect(agent!.controller.getSnapshot().channelVolumes).toEqual([0, 0.4]);
});
