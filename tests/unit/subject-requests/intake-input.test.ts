import { expect, it } from "vitest";
import { intakeInput, problemsOfForm } from "@/app/(portal)/privacy-requests/intake-input";
import type { FieldProblem } from "@/lib/core/errors";
import { requestInput } from "@/lib/subject-requests/request-input";

function formOf(fields: Record<string, string | string[]>): FormData {
  const form = new FormData();
  for (const [name, values] of Object.entries(fields)) for (const value of [values].flat()) form.append(name, value);
  return form;
}

const whole = {
  requestId: "019ad000-0000-7000-8000-000000000001",
  channel: "phone",
  receivedAt: "2026-03-10T09:30",
  "rights[]": ["confirmation", "portability"],
  requester: "data_subject",
  subjectName: "",
  numbers: " (11) 98765-4321 \r\n\r\n(11) 3456-7890\r\n",
  emails: "maria@example.com",
  periodFrom: "",
  answerChannel: "counter",
  answerForm: "printed",
  answerLocale: "pt-BR",
};

it("takes each line as a value, and an empty field as none", () => {
  const input = intakeInput(formOf(whole));
  expect(input).toMatchObject({ rights: ["confirmation", "portability"], channel: "phone" });
  expect(input).not.toHaveProperty("periodFrom");
  expect(input).not.toHaveProperty("numbers");
  expect(input.identifiers).toEqual([
    { kind: "number", value: "(11) 98765-4321" },
    { kind: "number", value: "(11) 3456-7890" },
    { kind: "email", value: "maria@example.com" },
  ]);
  expect(requestInput.safeParse(input).success).toBe(true);
});

it.each([
  ["no right", { "rights[]": [] }, "rights"],
  ["a list instead of a text", { "words[]": ["a", "b"] }, "words"],
  ["a field that the form does not have", { isAdmin: "true" }, ""],
  ["no field at all", null, "requestId"],
])("a form with %s is refused by the operation, not by a failure", (_, wrong, path) => {
  const input = intakeInput(formOf(wrong ? { ...whole, ...wrong } : {}));
  const { error } = requestInput.safeParse(input);
  expect(error?.issues.map((issue) => issue.path.join("."))).toContain(path);
});

it("a file in place of the numbers is none of them", () => {
  const form = formOf({ ...whole, numbers: [] });
  form.append("numbers", new Blob(["x"]));
  expect(intakeInput(form).identifiers).toEqual([{ kind: "email", value: "maria@example.com" }]);
});

it("a problem of an identifier stands at the field in which it was typed; others stay", () => {
  const input = intakeInput(formOf(whole));
  const problems = (fields: FieldProblem[]) => {
    const state = problemsOfForm({ status: "failed", code: "invalid_input", fields, requestId: "r" }, input);
    return state.status === "failed" ? state.fields : [];
  };
  expect(problems([{ path: "identifiers.2.value", reason: "too_big" }])).toEqual([
    { path: "emails", reason: "too_big" },
  ]);
  expect(problems([{ path: "identifiers.0.value", reason: "too_big" }])).toEqual([
    { path: "numbers", reason: "too_big" },
  ]);
  expect(problems([{ path: "identifiers", reason: "too_big" }])).toEqual([{ path: "numbers", reason: "too_many" }]);
  expect(problems([{ path: "words", reason: "too_big" }])).toEqual([{ path: "words", reason: "too_big" }]);
  expect(problemsOfForm({ status: "done", result: 1, token: "t" }, input)).toMatchObject({ result: 1 });
});
