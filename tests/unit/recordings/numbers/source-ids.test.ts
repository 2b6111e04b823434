import { describe, expect, test } from "vitest";
import { contentId, unknownContentId } from "@/lib/db/recording-ids";
import { storedIds, withoutNumbers } from "@/lib/recordings/numbers/source-ids";

const stored = (id: string) => withoutNumbers("pbx", id).replaceAll(/number-[a-p]{16}/g, "#");

describe("a telephone number in an id is replaced", () => {
  test.each([
    ["11940001234-1795194202.42", "#-1795194202.42"],
    ["q-600-11940001234-20261120-140322-1795194202.42.wav", "q-600-#-20261120-140322-1795194202.42.wav"],
    ["force-11940001234-3201-20261120-140322-1795194202.42", "force-#-3201-20261120-140322-1795194202.42"],
    ["generic-551140001234-11940001234-20261120-140322-1795194202.42", "generic-#-#-20261120-140322-1795194202.42"],
    ["+5511940001234_260506_225406577.mp3", "#_260506_225406577.mp3"],
    ["sip:+5511940001234@192.0.2.1", "sip:#@192.0.2.1"],
    ["0012125550100-7", "#-7"],
    ["911940001234", "#"],
    ["001511940001234", "#"],
    ["940001234-7", "#-7"],
    ["1140001234-7", "#-7"],
    ["(11)94000-1234-7", "#-7"],
    ["+55.11.94000-1234", "#"],
    ["11-94000-1234", "#"],
    ["08001234567.wav", "#.wav"],
    ["sip-+14155550123", "sip-#"],
  ])("%s", (id, result) => {
    expect(stored(id)).toBe(result);
    expect(withoutNumbers("pbx", id)).not.toMatch(/94000|40001234|5550/);
  });
});

describe("an id without a number stays as it is", () => {
  test.each([
    "1795194202.42",
    "1732219200.4711",
    "1732219200.4711-in.wav",
    "pbx-sp.empresa-1795194202.42",
    "1795194202",
    "conf-8000-8000-20261120-140322-1795194202.42",
    "20261120-140322--1042-1795194202.42.wav",
    "20261120140322",
    "202611201403",
    "2026112014",
    "2026-11-20_14-03-22_1042_20010(2001).mp3",
    "20260506225406577",
    "1795194202123",
    "225406577",
    "3201",
    "01937d5c-7a10-7c3e-9a0b-119400012345",
    "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "a84b4c76e66710@192.0.2.1",
    "00000000001",
    "deleted:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
  ])("%s", (id) => expect(withoutNumbers("pbx", id)).toBe(id));
});

test("the same id of the same source always becomes the same, and stays it", () => {
  const id = "q-600-11940001234-20261120-140322-1795194202.42";
  const once = withoutNumbers("pbx", id);
  expect(withoutNumbers("pbx", id)).toBe(once);
  expect(withoutNumbers("pbx", once)).toBe(once);
});

test("neither the source nor anything of the id may differ, so that no two become one", () => {
  const ids = ["11940001234-1", "11940001235-1", "11940001234-2", "1194000-1234-1"].map((id) =>
    withoutNumbers("pbx", id),
  );
  expect(new Set([...ids, withoutNumbers("other", "11940001234-1")]).size).toBe(5);
  // One number in two calls has no mark in common.
  expect(ids[0]!.slice(0, 23)).not.toBe(ids[2]!.slice(0, 23));
});

test("ids that the portal makes stay; a file's name is replaced as a call's id is", () => {
  const ids = { source: "pbx", sourceCallId: "11940001234-1" };
  for (const sourceRecordingId of [unknownContentId, contentId(Buffer.alloc(32, 0x11))])
    expect(storedIds({ ...ids, sourceRecordingId }).sourceRecordingId).toBe(sourceRecordingId);
  const { sourceCallId, sourceRecordingId } = storedIds({ ...ids, sourceRecordingId: "11940001234-1" });
  expect(sourceRecordingId).toBe(sourceCallId);
});
