import { z } from "zod";
import { readNumber } from "@/lib/core/numbers/number-reading";
import { readTaxId } from "@/lib/core/tax-id";
import type { IdentifierKind } from "@/lib/db/schema/subject-request-words";
import { personFields, personRules, text } from "@/lib/subject-requests/request-input";

const longestLine = 64;

/** Values of which each has a line. Checked after the split: the rules below run on what failed, too. */
const lines = (most: number) =>
  z
    .string()
    .default("")
    .transform(linesOf)
    .refine((list) => list.length <= most, "too_many_lines")
    .refine((list) => list.every((line) => line.length <= longestLine), "too_big");

function linesOf(value: string): string[] {
  const parts = value.slice(0, 10_000).split(/[\r\n;]+/);
  return parts.map((line) => line.trim()).filter(Boolean);
}

/** A day of a form: an empty field is none. */
const day = z
  .literal("")
  .transform(() => undefined)
  .or(personFields.periodFrom);

const fields = z.object({
  ...personFields,
  /** A form in which none is chosen sends none. */
  rights: personFields.rights.prefault([]),
  /** The form's random key. See `formSecrets`. */
  formKey: z.string().regex(/^[0-9a-f]{32}$/),
  numbers: lines(10),
  taxId: text(32),
  protocols: lines(10),
  periodFrom: day,
  periodTo: day,
  words: text(4000),
  /** People leave it empty: they do not see it. Programs that fill every field do not. */
  website: z
    .string()
    .default("")
    .refine((value) => value === "", "leave_empty"),
  /** The proof of work. Empty without JavaScript. */
  solution: z.string().max(8000).default(""),
});

export type PublicForm = z.output<typeof fields>;

type Rule = [path: string, reason: string, holds: (input: PublicForm) => boolean];

const isNumber = (value: string) => readNumber(value)?.kind === "number";

const rules: Rule[] = [
  ...personRules,
  ["subjectName", "required", (input) => Boolean(input.subjectName) || identifiersOf(input).length > 0],
  ["numbers", "not_a_phone", ({ numbers }) => numbers.every(isNumber)],
  ["taxId", "not_a_tax_id", ({ taxId }) => !taxId || readTaxId(taxId)?.kind !== "not_understood"],
  ["answerAddress", "not_an_email", (input) => answerIs(input, "email", (value) => z.email().safeParse(value).success)],
  ["answerAddress", "not_a_phone", (input) => answerIs(input, "phone", isNumber)],
];

/** Whether an answer by another channel, or to this address by this one. A missing address is another rule's. */
const answerIs = (
  { answerChannel, answerAddress }: PublicForm,
  channel: PublicForm["answerChannel"],
  holds: (address: string) => boolean,
) => answerChannel !== channel || !answerAddress || holds(answerAddress);

/** What a person says on the public page. Every problem has the path of its field. */
export const publicForm = fields.superRefine((input, problems) => {
  for (const [path, message, holds] of rules)
    if (!holds(input)) problems.addIssue({ code: "custom", path: [path], message });
});

/** What recordings may be found by, of a form. */
export function identifiersOf({ numbers, taxId, protocols }: PublicForm): { kind: IdentifierKind; value: string }[] {
  return [
    ...numbers.map((value) => ({ kind: "number" as const, value })),
    ...(taxId ? [{ kind: "tax_id" as const, value: taxId }] : []),
    ...protocols.map((value) => ({ kind: "protocol" as const, value })),
  ];
}
