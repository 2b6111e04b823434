import { afterEach, expect, test } from "vitest";
import { endHandover, handedOver, handOver, nextPart, type SequencePart } from "@/components/playback/call-sequence";

const part = (recordingId: string, problem: SequencePart["problem"] = null): SequencePart => ({
  ...{ recordingId, startedAt: "20/11/2026 14:03", problem },
});
const access = { purpose: "quality_supervision", reference: "4821" };

afterEach(endHandover);

test("goes on with the next part that can be played, and names those between", () => {
  const parts = [part("a"), part("b", "empty"), part("c", "no_transcoder"), part("d"), part("e")];
  expect(nextPart({ parts, current: 0 })).toEqual({
    next: 3,
    passed: [
      { recordingId: "b", startedAt: "20/11/2026 14:03", problem: "empty", number: 2 },
      { recordingId: "c", startedAt: "20/11/2026 14:03", problem: "no_transcoder", number: 3 },
    ],
  });
  expect(nextPart({ parts, current: 3 })).toEqual({ next: 4, passed: [] });
});

test("names what is left at the end of a call", () => {
  expect(nextPart({ parts: [part("a"), part("b", "failed")], current: 0 })).toMatchObject({
    next: null,
    passed: [{ recordingId: "b", problem: "failed", number: 2 }],
  });
  expect(nextPart({ parts: [part("a")], current: 0 })).toEqual({ next: null, passed: [] });
});

test("hands the purpose to the part that follows, and to no other", () => {
  const order = { parts: [part("a"), part("b"), part("c")], current: 1 };
  handOver({ order, access, passed: [], hadFocus: true });
  expect(handedOver("b")?.access).toEqual(access);
  expect([handedOver("a"), handedOver("c")]).toEqual([null, null]);
  endHandover();
  expect(handedOver("b")).toBeNull();
});
