import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { GrantAnswer } from "@/components/playback/grant-machine";
import { PlaybackController } from "@/components/playback/playback-controller";
import { FakeAudio } from "./fake-audio";
import { fakePage } from "./fake-page";

const access = { purpose: "quality_supervision", reference: "4821" };

function prepare(answers: GrantAnswer[], silences = [{ startMs: 20_000, endMs: 30_000 }]) {
  const asked: object[] = [];
  const audio = new FakeAudio();
  const controller = new PlaybackController(60_000, silences, (given) => {
    asked.push(given);
    return Promise.resolve(answers[asked.length - 1] ?? { error: "unexpected" });
  });
  const release = controller.attach(audio as unknown as HTMLAudioElement);
  return { asked, audio, controller, release };
}

const link = (name: string, seconds = 600): GrantAnswer => ({
  grantId: name,
  url: `/${name}`,
  expiresAt: new Date(Date.now() + seconds * 1000).toISOString(),
});

describe("PlaybackController", () => {
  beforeEach(() => {
    vi.useFakeTimers();
    fakePage();
  });
  afterEach(() => {
    vi.useRealTimers();
    vi.unstubAllGlobals();
  });

  async function playing(answers: GrantAnswer[]) {
    const prepared = prepare(answers);
    prepared.controller.grantAccess(access);
    prepared.controller.play();
    await vi.advanceTimersByTimeAsync(0);
    prepared.audio.loaded();
    return prepared;
  }

  it("requests nothing before a purpose is stated or before play", async () => {
    const { asked, controller } = prepare([link("a")]);
    controller.play();
    controller.grantAccess(access);
    controller.seekTo(5000);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(asked).toEqual([]);
  });

  it("continues at the same position and speed when a link stops answering", async () => {
    const { asked, audio, controller } = await playing([link("a"), link("b")]);
    controller.sound.setRate(1.5);
    audio.playTo(12.5);
    audio.fail();
    await vi.advanceTimersByTimeAsync(0);
    expect(audio.src).toBe("/b");
    audio.loaded();
    expect(asked).toEqual([access, access]);
    expect(audio).toMatchObject({ currentTime: 12.5, playbackRate: 1.5, preservesPitch: true, paused: false });
    expect(controller.getSnapshot().activity).toBe("playing");
  });

  it("stops with the code when the new request is refused", async () => {
    const { asked, audio, controller } = await playing([link("a"), { error: "revoked" }]);
    audio.fail();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(asked).toHaveLength(2);
    expect(controller.getSnapshot()).toMatchObject({ activity: "failed", failure: "revoked", wanted: false });
  });

  const answers = (status: number, code: string) =>
    vi.stubGlobal(
      "fetch",
      vi.fn(() => Promise.resolve(Response.json({ code }, { status }))),
    );

  it("reports a damaged recording, and tries no other link", async () => {
    answers(500, "recording_damaged");
    const { asked, audio, controller } = await playing([link("a"), link("b")]);
    audio.playTo(5);
    audio.fail();
    audio.pause();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(vi.mocked(fetch).mock.calls.map(([url]) => url)).toEqual(["/a", "/a"]);
    expect(asked).toHaveLength(1);
    expect(controller.getSnapshot()).toMatchObject({
      activity: "failed",
      failure: "recording_damaged",
      wanted: false,
      positionMs: 5000,
    });
  });

  const linksWork = () =>
    vi.stubGlobal(
      "fetch",
      vi.fn(() => Promise.resolve(new Response())),
    );

  it.each([3, 4])("makes one grant for a file that the browser cannot decode (error %i)", async (code) => {
    linksWork();
    const { asked, audio, controller } = await playing([link("a"), link("b")]);
    for (let attempt = 0; attempt < 2; attempt += 1) {
      audio.fail(code);
      await vi.advanceTimersByTimeAsync(60_000);
    }
    expect(vi.mocked(fetch).mock.calls).toEqual(Array(2).fill(["/a", { method: "HEAD", cache: "no-store" }]));
    expect(controller.getSnapshot()).toMatchObject({ activity: "failed", failure: "undecodable", wanted: false });
    controller.play();
    controller.play();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(asked).toHaveLength(1);
    expect(controller.getSnapshot()).toMatchObject({ activity: "failed", failure: "undecodable" });
  });

  it("plays on when a load was cut once, although the browser calls that a format", async () => {
    linksWork();
    const { asked, audio, controller } = await playing([link("a"), link("b")]);
    audio.fail(4);
    await vi.advanceTimersByTimeAsync(0);
    audio.loaded();
    expect(asked).toHaveLength(1);
    expect(controller.getSnapshot()).toMatchObject({ activity: "playing", failure: null });
  });

  it("loads a link that works again after a network failure, and never calls that a format", async () => {
    linksWork();
    const { asked, audio, controller } = await playing([link("a"), link("b")]);
    for (let attempt = 0; attempt < 5; attempt += 1) {
      audio.fail(2);
      await vi.advanceTimersByTimeAsync(10_000);
    }
    expect(asked).toHaveLength(1);
    expect(controller.getSnapshot()).toMatchObject({ activity: "failed", failure: "playback_failed" });
  });

  it("does not call it a format while nothing responds", async () => {
    vi.stubGlobal("fetch", () => Promise.reject(new TypeError("failed")));
    const { asked, audio, controller } = await playing(["a", "b", "c", "d", "e"].map((name) => link(name)));
    for (let attempt = 0; attempt < 5; attempt += 1) {
      audio.fail(4);
      await vi.advanceTimersByTimeAsync(10_000);
    }
    expect(asked).toHaveLength(5);
    expect(controller.getSnapshot()).toMatchObject({ failure: "playback_failed" });
  });

  it("retries while keys or store are unavailable, and names which one in the end", async () => {
    answers(503, "key_unavailable");
    const { asked, audio, controller } = await playing(["a", "b", "c", "d", "e"].map((name) => link(name)));
    for (let attempt = 0; attempt < 5; attempt += 1) {
      audio.fail();
      await vi.advanceTimersByTimeAsync(10_000);
    }
    expect(asked).toHaveLength(5);
    expect(controller.getSnapshot()).toMatchObject({ activity: "failed", failure: "key_unavailable" });
  });

  it("sends no check to a link of another origin", async () => {
    answers(500, "recording_damaged");
    const { audio } = await playing([{ ...link("a"), url: "https://store.example/a" }, link("b")]);
    audio.fail();
    await vi.advanceTimersByTimeAsync(0);
    expect([audio.src, vi.mocked(fetch).mock.calls]).toEqual(["/b", []]);
  });

  it("asks the store once whether its link works, and then says that the format is the reason", async () => {
    linksWork();
    const { asked, audio, controller } = await playing([{ ...link("a"), url: "https://store.example/a" }, link("b")]);
    // Once more with CORS, and once without.
    for (let attempt = 0; attempt < 3; attempt += 1) {
      audio.fail(3);
      await vi.advanceTimersByTimeAsync(60_000);
    }
    expect(asked).toHaveLength(1);
    expect(controller.getSnapshot()).toMatchObject({ activity: "failed", failure: "undecodable" });
  });

  it("ignores the answer of a link when the listener has paused", async () => {
    answers(500, "recording_damaged");
    const { asked, audio, controller } = await playing([link("a"), link("b")]);
    audio.fail();
    controller.pause();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(asked).toHaveLength(1);
    expect(controller.getSnapshot()).toMatchObject({ activity: "paused", failure: null });
  });

  it("requests no link during a pause; a lost link is renewed at the next play", async () => {
    const { asked, audio, controller } = await playing([link("a"), link("b")]);
    audio.playTo(7);
    controller.pause();
    audio.fail();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(asked).toHaveLength(1);
    controller.play();
    await vi.advanceTimersByTimeAsync(0);
    audio.loaded();
    expect(asked).toHaveLength(2);
    expect(audio.currentTime).toBe(7);
  });

  it("renews a link about to expire when a pause ends", async () => {
    const { asked, audio, controller } = await playing([link("a", 60), link("b")]);
    audio.playTo(3);
    controller.pause();
    await vi.advanceTimersByTimeAsync(55_000);
    controller.play();
    await vi.advanceTimersByTimeAsync(0);
    audio.loaded();
    expect(asked).toHaveLength(2);
    expect(audio).toMatchObject({ src: "/b", currentTime: 3, paused: false });
  });

  it("starts again from the beginning after the end, also when the link has to be renewed", async () => {
    const { audio, controller } = await playing([link("a", 60), link("b")]);
    audio.playTo(60);
    audio.dispatchEvent(new Event("ended"));
    await vi.advanceTimersByTimeAsync(55_000);
    controller.play();
    await vi.advanceTimersByTimeAsync(0);
    audio.loaded();
    expect(audio).toMatchObject({ src: "/b", currentTime: 0, paused: false });
  });

  it("fetches a link for the new purpose when the purpose changes while listening", async () => {
    const { asked, audio, controller } = await playing([link("a"), link("b")]);
    audio.playTo(9);
    controller.grantAccess({ ...access, purpose: "training" });
    await vi.advanceTimersByTimeAsync(0);
    audio.loaded();
    expect(asked.at(-1)).toMatchObject({ purpose: "training" });
    expect(audio.currentTime).toBe(9);
  });

  it("skips silences only when the option is on", async () => {
    const { audio, controller } = await playing([link("a")]);
    audio.playTo(21);
    expect(audio.currentTime).toBe(21);
    controller.setSkipSilence(true);
    audio.playTo(21.5);
    expect(audio.currentTime).toBe(29.8);
  });

  it("falls back to plain playback when a store does not allow Web Audio, with a notice", async () => {
    const foreign = {
      grantId: "a",
      url: "https://store.example/a",
      expiresAt: new Date(Date.now() + 60_000).toISOString(),
    };
    const { asked, audio, controller } = prepare([foreign]);
    controller.grantAccess(access);
    controller.play();
    await vi.advanceTimersByTimeAsync(0);
    expect(audio.crossOrigin).toBe("anonymous");
    audio.fail();
    expect(audio.crossOrigin).toBeNull();
    audio.loaded();
    expect(asked).toHaveLength(1);
    expect(controller.getSnapshot()).toMatchObject({ mixing: "cross_origin", activity: "playing" });
  });

  it("releases the element and requests nothing afterwards", async () => {
    const { asked, audio, release } = await playing([link("a"), link("b")]);
    release();
    audio.fail();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(audio.paused).toBe(true);
    expect(asked).toHaveLength(1);
  });
});
