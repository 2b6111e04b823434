import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { type HeardReport, HeardReporter, type ReportHeard } from "@/components/playback/heard-reporter";
import type { Listening } from "@/components/playback/heard-meter";
import { FakeAudio } from "./fake-audio";
import { fakePage } from "./fake-page";

beforeEach(() => void vi.useFakeTimers({ toFake: ["performance", "setTimeout", "setInterval", "clearInterval"] }));
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

function listening(answer: ReportHeard = () => Promise.resolve(true)) {
  const page = fakePage();
  const audio = new FakeAudio();
  const reports: [string, HeardReport][] = [];
  let muted: Listening["muted"] = "none";
  const reporter = new HeardReporter(() => muted);
  reporter.reportWith((grantId, report, isLast) => {
    reports.push([grantId, report]);
    return answer(grantId, report, isLast);
  });
  const leave = reporter.attach(audio as unknown as HTMLAudioElement);
  reporter.begin("first");
  audio.loaded();
  /** Plays in real time, with four time updates a second. */
  const hear = async (seconds: number) => {
    for (let step = 0; step < seconds * 4; step += 1) {
      await vi.advanceTimersByTimeAsync(250);
      audio.playTo(audio.currentTime + 0.25 * audio.playbackRate);
    }
  };
  const jump = (seconds: number) => {
    audio.currentTime = seconds;
    audio.dispatchEvent(new Event("seeking"));
  };
  const mute = (what: Listening["muted"]) => {
    muted = what;
    audio.dispatchEvent(new Event("volumechange"));
  };
  return { page, audio, reports, reporter, leave, hear, jump, mute };
}

const plain = { rate: 1, isHidden: false, muted: "none" as const };
const heard = (startMs: number, endMs: number, how: Partial<Listening> = {}) => ({ startMs, endMs, ...plain, ...how });

test("three seconds are three seconds, whatever was sent", async () => {
  const { audio, reports, hear } = listening();
  await audio.play();
  await hear(3);
  audio.pause();
  expect(reports).toEqual([["first", { from: 0, parts: [heard(0, 3000)] }]]);
});

test("a page that is left reports; a silent pause reports nothing more", async () => {
  const { audio, page, reports, hear } = listening();
  await audio.play();
  await hear(2);
  page.leave();
  await vi.advanceTimersByTimeAsync(0);
  audio.pause();
  expect(reports).toEqual([["first", { from: 0, parts: [heard(0, 2000)] }]]);
});

test("what a seek passes over was not heard, also if nobody told of the seek", async () => {
  const { audio, reports, hear, jump } = listening();
  await audio.play();
  await hear(1);
  jump(30);
  await hear(1);
  audio.currentTime = 50;
  await hear(1);
  audio.pause();
  const [[, report]] = reports as [[string, HeardReport]];
  expect(report.parts[0]).toEqual(heard(0, 1000));
  for (const { startMs, endMs } of report.parts) expect([endMs - startMs <= 1000, startMs]).not.toContain(false);
  expect(report.parts.flatMap(({ startMs, endMs }) => [startMs, endMs])).toEqual([
    ...[0, 1000, expect.closeTo(30_250, -3), 31_000],
    ...[expect.closeTo(50_250, -3), 51_000],
  ]);
});

test("a hidden tab, a muted side and another speed are parts of their own", async () => {
  const { audio, page, reports, hear, mute } = listening();
  await audio.play();
  await hear(1);
  page.show("hidden");
  await hear(1);
  page.show("visible");
  mute("left");
  await hear(1);
  mute("none");
  audio.playbackRate = 2;
  audio.dispatchEvent(new Event("ratechange"));
  await hear(1);
  audio.pause();
  expect(reports.flatMap(([, { parts }]) => parts)).toEqual([
    heard(0, 1000),
    heard(1000, 2000, { isHidden: true }),
    heard(2000, 3000, { muted: "left" }),
    heard(3000, 5000, { rate: 2 }),
  ]);
});

test("time that passes while nothing sounds is not heard", async () => {
  const { audio, reports, hear } = listening();
  await audio.play();
  await hear(1);
  audio.dispatchEvent(new Event("waiting"));
  await vi.advanceTimersByTimeAsync(20_000);
  audio.pause();
  expect(reports).toEqual([["first", { from: 0, parts: [heard(0, 1000)] }]]);
});

test("a lost report is repeated under the same numbers, a known one is not", async () => {
  let works = false;
  const { audio, reports, hear } = listening(() => Promise.resolve(works));
  await audio.play();
  await hear(1);
  audio.pause();
  await vi.advanceTimersByTimeAsync(0);
  works = true;
  await audio.play();
  await hear(1);
  audio.pause();
  await vi.advanceTimersByTimeAsync(0);
  await audio.play();
  await hear(1);
  audio.pause();
  expect(reports.map(([, report]) => report)).toEqual([
    { from: 0, parts: [heard(0, 1000)] },
    { from: 0, parts: [heard(0, 1000), heard(1000, 2000)] },
    { from: 2, parts: [heard(2000, 3000)] },
  ]);
});

test("each grant has its own parts, and a play that failed says so and claims nothing", async () => {
  const { audio, reports, reporter, hear } = listening();
  await audio.play();
  await hear(1);
  reporter.begin("second");
  await vi.advanceTimersByTimeAsync(0);
  audio.load();
  reporter.failed("undecodable");
  await vi.advanceTimersByTimeAsync(0);
  reporter.tell(true);
  expect(reports).toEqual([
    ["first", { from: 0, parts: [heard(0, 1000)] }],
    ["second", { from: 0, parts: [], failure: "undecodable" }],
  ]);
});

test("reports while it plays, and the rest when the player goes away", async () => {
  const { audio, reports, hear, leave } = listening();
  await audio.play();
  await hear(31);
  leave();
  expect(reports.map(([, { from, parts }]) => [from, parts.length])).toEqual([
    [0, 1],
    [1, 1],
  ]);
  expect(reports.flatMap(([, { parts }]) => parts).map(({ endMs }) => endMs)).toEqual([29_750, 31_000]);
});
