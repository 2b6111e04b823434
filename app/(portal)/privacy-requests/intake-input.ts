import type { ActionState } from "@/lib/http/run-action";
import { formInput } from "@/lib/http/form-input";
import type { RegisterRequestInput } from "@/lib/subject-requests/register-request";

/** The kinds of identifiers, by the fields of the form: one value on each line. */
const identifierFields = {
  numbers: "number",
  taxIds: "tax_id",
  protocols: "protocol",
  customerReferences: "customer_reference",
  emails: "email",
} as const;

/** Converts the form of the intake. An empty field is none; what else is wrong is refused by the operation. */
export function intakeInput(form: FormData): RegisterRequestInput {
  const { rights = [], ...fields } = formInput(form);
  const given = Object.entries(fields).filter(([, value]) => typeof value !== "string" || value.trim() !== "");
  const identifiers = Object.entries(identifierFields).flatMap(([name, kind]) =>
    linesOf(form.get(name)).map((value) => ({ kind, value })),
  );
  const others = Object.fromEntries(given.filter(([name]) => !(name in identifierFields)));
  return { ...others, rights, identifiers } as RegisterRequestInput;
}

function linesOf(value: FormDataEntryValue | null): string[] {
  const lines = typeof value === "string" ? value.split(/\r?\n/) : [];
  return lines.map((line) => line.trim()).filter(Boolean);
}

/** Gives a problem of an identifier to the field of the form in which it was typed. */
export function problemsOfForm<Result>(
  state: ActionState<Result>,
  { identifiers = [] }: RegisterRequestInput,
): ActionState<Result> {
  if (state.status !== "failed") return state;
  const fieldOf = (index: number) =>
    Object.entries(identifierFields).find(([, kind]) => kind === identifiers[index]?.kind)?.[0] ?? "numbers";
  const fields = state.fields.map(({ path, reason }) => {
    if (path === "identifiers") return { path: fieldOf(0), reason: "too_many" };
    const [, index] = /^identifiers\.(\d+)\./.exec(path) ?? [];
    return index ? { path: fieldOf(Number(index)), reason } : { path, reason };
  });
  return { ...state, fields };
}
