import { expect, test } from "vitest";
import { callParts, startsOnTimeLine, type PlacedRecording } from "@/lib/playback/call-parts";

const sha256 = "a".repeat(64);

function recording(id: string, sourceRecordingId: string, changes: Partial<PlacedRecording> = {}): PlacedRecording {
  const startedAt = new Date("2026-11-20T17:03:22Z");
  return { id, sourceRecordingId, startedAt, durationMs: 60_000, channels: 1, problem: null, ...changes };
}

const later = (seconds: number) => ({ startedAt: new Date(Date.parse("2026-11-20T17:03:22Z") + seconds * 1000) });
const idsOf = (...recordings: PlacedRecording[]) => callParts(recordings).map((part) => part.map(({ id }) => id));

test("plays the recordings of a call by start, then by the part in their ids", () => {
  expect(
    idsOf(
      recording("1", `part-10:${sha256}`),
      recording("2", "leg", later(60)),
      recording("3", `part-2:${sha256}`),
      recording("4", `sha256:${sha256}`),
    ),
  ).toEqual([["4"], ["3"], ["1"], ["2"]]);
});

test("plays the two sides of a call together, the agent first, each part with its own", () => {
  expect(
    idsOf(
      recording("1", `customer:${sha256}`),
      recording("2", `agent:${sha256}`, later(1)),
      recording("3", `customer.part-2:${sha256}`),
      recording("4", `agent.part-2:${sha256}`),
      recording("5", "customer-mix"),
    ),
  ).toEqual([["2", "1"], ["5"], ["4", "3"]]);
});

test.each([
  ["that begins after its end", [recording("1", "agent:a"), recording("2", "customer:a", later(61))]],
  ["that begins as it ends", [recording("1", "agent:a"), recording("2", "customer:a", later(59))]],
  [
    "of another start and no known length",
    [recording("1", "agent:a", { durationMs: null }), recording("2", "customer:a", later(5))],
  ],
  ["of another part", [recording("1", "agent:a"), recording("2", "customer.part-2:a")]],
  ["of the same side", [recording("1", "agent:a"), recording("2", "agent:b")]],
  ["of another start, not declared a side", [recording("1", "agent:a"), recording("2", "leg", later(5))]],
  ["with two channels", [recording("1", "agent:a"), recording("2", "customer:a", { channels: 2 })]],
  ["not measured yet", [recording("1", "agent:a"), recording("2", "customer:a", { channels: null })]],
  ["that cannot be played", [recording("1", "agent:a"), recording("2", "customer:a", { problem: "empty" })]],
] as const)("plays a recording %s after the other", (_, pair) => {
  expect(idsOf(...pair)).toEqual([["1"], ["2"]]);
});

test("plays two sides of other starts together while they overlap", () => {
  const [agent, customer] = [recording("1", "agent:a", later(20)), recording("2", "customer:a")];
  expect(idsOf(agent, customer, recording("3", "leg", later(90)))).toEqual([["1", "2"], ["3"]]);
  expect(startsOnTimeLine([agent, customer])).toEqual([20_000, 0]);
  expect(startsOnTimeLine([customer, agent])).toEqual([0, 20_000]);
  expect(startsOnTimeLine([recording("1", "agent:a", later(1)), customer])).toEqual([0, 0]);
});

test("plays a side once, alone, if one of the other side overlaps it and a third", () => {
  const after = recording("3", "agent:b", later(30));
  expect(idsOf(recording("1", "agent:a", { durationMs: 28_000 }), recording("2", "customer:a"), after)).toEqual([
    ["1"],
    ["2"],
    ["3"],
  ]);
});

test("pairs no side that could belong to two recordings", () => {
  const three = [recording("1", "agent:a"), recording("2", "customer:a"), recording("3", "customer:b")];
  expect(idsOf(...three)).toEqual([["1"], ["2"], ["3"]]);
});
