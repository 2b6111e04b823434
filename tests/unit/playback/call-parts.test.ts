import { expect, test } from "vitest";
import { callParts, type PlacedRecording } from "@/lib/playback/call-parts";

const sha256 = "a".repeat(64);

function recording(id: string, sourceRecordingId: string, changes: Partial<PlacedRecording> = {}): PlacedRecording {
  const startedAt = new Date("2026-11-20T17:03:22Z");
  return { id, sourceRecordingId, startedAt, channels: 1, problem: null, ...changes };
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
  ["of another start", [recording("1", "agent:a"), recording("2", "customer:a", later(5))]],
  ["of another part", [recording("1", "agent:a"), recording("2", "customer.part-2:a")]],
  ["of the same side", [recording("1", "agent:a"), recording("2", "agent:b")]],
  ["with two channels", [recording("1", "agent:a"), recording("2", "customer:a", { channels: 2 })]],
  ["not measured yet", [recording("1", "agent:a"), recording("2", "customer:a", { channels: null })]],
  ["that cannot be played", [recording("1", "agent:a"), recording("2", "customer:a", { problem: "empty" })]],
] as const)("plays a recording %s after the other", (_, pair) => {
  expect(idsOf(...pair)).toEqual([["1"], ["2"]]);
});

test("pairs no side that could belong to two recordings", () => {
  const three = [recording("1", "agent:a"), recording("2", "customer:a"), recording("3", "customer:b")];
  expect(idsOf(...three)).toEqual([["1"], ["2"], ["3"]]);
});
