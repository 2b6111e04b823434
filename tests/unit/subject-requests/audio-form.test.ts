import { expect, test } from "vitest";
import { audioForm } from "@/lib/subject-requests/derived-audio/audio-form";

const part = (fromMs: number, toMs: number, reason = "third_party") => ({ fromMs, toMs, reason });
const partsOf = (silences: unknown) => audioForm.parse({ form: "edited", silences }).silences;

test("parts of one reason that overlap or touch are one, in order of time", () => {
  expect(partsOf([part(5000, 6000), part(1000, 2000), part(1500, 3000), part(3000, 3500)])).toEqual([
    part(1000, 3500),
    part(5000, 6000),
  ]);
  expect(partsOf([part(1000, 4000), part(2000, 3000, "card_data")])).toEqual([
    part(1000, 4000),
    part(2000, 3000, "card_data"),
  ]);
});

test.each([
  ["no part", { form: "edited", silences: [] }],
  ["a part that ends before it begins", { form: "edited", silences: [part(2000, 1000)] }],
  ["an empty part", { form: "edited", silences: [part(1000, 1000)] }],
  ["another reason", { form: "edited", silences: [part(1000, 2000, "shame")] }],
  ["no channel", { form: "subject_channel", silences: [] }],
  ["a third channel", { form: "subject_channel", subjectChannel: 2, silences: [] }],
  ["another form", { form: "whole", silences: [] }],
])("refuses %s", (_, input) => expect(audioForm.safeParse(input).success).toBe(false));
