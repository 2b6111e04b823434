import { afterEach, expect, test, vi } from "vitest";
import { endHandover, handedOver, handOver, nextPart, type SequencePart } from "@/components/playback/call-sequence";

const part = (recordingId: string, problem: SequencePart["problem"] = null): SequencePart => ({
  ...{ recordingId, startedAt: "20/11/2026 14:03", problem },
});
const access = { purpose: "quality_supervision", reference: "4821" };

afterEach(() => {
  endHandover();
  vi.useRealTimers();
});

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

test("hands the purpose over for as long as a page takes to load, and no longer", () => {
  vi.useFakeTimers({ toFake: ["Date"] });
  const start = Date.now();
  const order = { parts: [part("a"), part("b")], current: 1 };
  const at = (seconds: number) => {
    vi.setSystemTime(start + seconds * 1000);
    return handedOver("b")?.access ?? null;
  };
  handOver({ order, access, passed: [], hadFocus: false });
  expect(at(14)).toEqual(access);
  expect(at(16)).toBeNull();
  // Nothing of it is left, whatever the clock says.
  expect(at(1)).toBeNull();
  handOver({ order, access, passed: [], hadFocus: false });
  expect(at(-60)).toBeNull();
});
