import { describe, expect, it } from "vitest";
import { AppError } from "@/lib/core/errors";
import { parseInput } from "@/lib/operation/operation";
import { identifiersOf, publicForm } from "@/lib/subject-requests/public-page/public-form";
import { publicForm as form } from "../../../support/public-requests";

const problemsOf = (input: Record<string, unknown>) => {
  try {
    parseInput(publicForm, { ...form(), ...input });
    return {};
  } catch (error) {
    expect(error).toBeInstanceOf(AppError);
    const { fields = [] } = (error as AppError).details;
    return Object.fromEntries(fields.map(({ path, reason }) => [path, reason]));
  }
};

it("reads numbers and protocols a line each", () => {
  const input = { numbers: "11 98765-4321\r\n\r\n 1133334444 ", protocols: "2026-1; 2026-2", taxId: "529.982.247-25" };
  expect(identifiersOf(publicForm.parse(form(input)))).toEqual([
    { kind: "number", value: "11 98765-4321" },
    { kind: "number", value: "1133334444" },
    { kind: "tax_id", value: "529.982.247-25" },
    { kind: "protocol", value: "2026-1" },
    { kind: "protocol", value: "2026-2" },
  ]);
});

describe("says each problem at its field", () => {
  it.each([
    ["no right", { rights: [] }, { rights: "too_small" }],
    ["no right, as a form without a chosen box sends it", { rights: undefined }, { rights: "too_small" }],
    ["a right that does not exist", { rights: ["everything"] }, { "rights.0": "invalid_value" }],
    ["nobody", { subjectName: " ", numbers: "" }, { subjectName: "required" }],
    ["a number that is none", { numbers: "11 98765-4321\nperdi" }, { numbers: "not_a_phone" }],
    ["too many numbers", { numbers: "11987654321\n".repeat(11) }, { numbers: "too_many_lines" }],
    ["a wrong CPF", { taxId: "529.982.247-26" }, { taxId: "not_a_tax_id" }],
    ["no e-mail address", { answerAddress: "maria" }, { answerAddress: "not_an_email" }],
    ["no telephone", { answerChannel: "phone", answerAddress: "ligue" }, { answerAddress: "not_a_phone" }],
    ["no address", { answerChannel: "letter", answerAddress: "" }, { answerAddress: "required" }],
    ["a representative without a name", { requester: "attorney" }, { requesterName: "required" }],
    ["a period that ends before", { periodFrom: "2026-02-02", periodTo: "2026-02-01" }, { periodTo: "before_start" }],
    ["a day that does not exist", { periodFrom: "2026-02-30" }, { periodFrom: "invalid_format" }],
    ["too many words", { words: "a".repeat(4001) }, { words: "too_big" }],
    ["the field that people do not see", { website: "https://spam.example" }, { website: "leave_empty" }],
    ["no key", { formKey: "x" }, { formKey: "invalid_format" }],
  ])("%s", (_, input, problems) => {
    expect(problemsOf(input)).toEqual(problems);
  });
});

it("takes empty fields as none", () => {
  const empty = { taxId: "", protocols: "", periodFrom: "", periodTo: "", words: "", requesterName: "", website: "" };
  expect(problemsOf(empty)).toEqual({});
});

it("takes a form without a proof of work", () => {
  expect(problemsOf({ solution: undefined })).toEqual({});
});
