import fc from "fast-check";
import { count, eq } from "drizzle-orm";
import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import { intakeInput, problemsOfForm } from "@/app/(portal)/privacy-requests/intake-input";
import { type AppError, type FieldProblem } from "@/lib/core/errors";
import { newId } from "@/lib/core/new-id";
import { database } from "@/lib/db/client";
import {
  subjectRequestEvents,
  subjectRequestIdentifiers,
  subjectRequestRights,
  subjectRequests,
} from "@/lib/db/schema";
import { formInput } from "@/lib/http/form-input";
import { locales } from "@/lib/i18n/locales";
import { loadMessages } from "@/lib/i18n/namespaces";
import { submitRequest, type PublicFormInput } from "@/lib/subject-requests/public-page/submit-request";
import { registerRequest, type RegisterRequestInput } from "@/lib/subject-requests/register-request";
import { contextOf, person, type Person } from "../../support/actors";
import { anybody, clearLimits, publicForm } from "../../support/public-requests";
import { isThorough } from "../../support/seeds";

/** Refused forms of each kind that every run needs. */
const most = isThorough ? 1000 : 200;

let dpo: Person;
let problems: { locale: string; words: Record<string, unknown> }[];

beforeAll(async () => {
  dpo = await person("dpo");
  problems = await Promise.all(
    locales.map(async (locale) => ({
      locale,
      words: (await loadMessages(locale)).problems as Record<string, unknown>,
    })),
  );
});
beforeEach(clearLimits);

/** What people, programs and attackers put into a field. */
const oddText = fc.oneof(
  fc.string({ unit: "grapheme", maxLength: 80 }),
  fc.string({ unit: "binary", maxLength: 80 }),
  fc.constantFrom("", " ", "\0", "\u0000x", "\r\n\r\n", "null", "undefined", "[]", "{}", "NaN", "-1", "2026-02-30"),
  fc.constantFrom("0001-01-01", "9999-12-31", "+275760-09-13", "11 98765-4321", "perdi", "529.982.247-26", "a@b", "é"),
  fc.constantFrom("' or 1=1 --", "<script>alert(1)</script>", "../../etc/passwd", "%00", "\ud800", "\u202e", "🙂"),
  fc.integer({ min: 60, max: 30_000 }).map((length) => "x".repeat(length)),
  fc.integer({ min: 1, max: 60 }).map((lines) => "11 98765-4321\n".repeat(lines)),
);

type Entry = { name: string; values: readonly (string | Blob)[] };

const oddValues = fc.oneof(
  { weight: 8, arbitrary: fc.array(oddText, { minLength: 1, maxLength: 1 }) },
  { weight: 1, arbitrary: fc.array(oddText, { maxLength: 4 }) },
  { weight: 1, arbitrary: fc.constant([new Blob(["%PDF-1.7"], { type: "application/pdf" })]) },
);

/** One to three fields of a form, replaced; or fields that it does not have. */
const changes = (names: readonly string[]) =>
  fc.array(
    fc.record({
      name: fc.oneof(
        { weight: 9, arbitrary: fc.constantFrom(...names) },
        {
          weight: 1,
          arbitrary: fc.constantFrom("__proto__", "constructor", "isUnproven", "protocol[]", "$ACTION_ID_x"),
        },
      ),
      values: oddValues,
    }),
    { minLength: 1, maxLength: 3 },
  );

function formOf(fields: Record<string, string | string[]>, changed: readonly Entry[]): FormData {
  const form = new FormData();
  const isChanged = (name: string) => changed.some((entry) => entry.name === name);
  for (const [name, value] of Object.entries(fields))
    if (!isChanged(name)) for (const part of [value].flat()) form.append(name, part);
  for (const { name, values } of changed) for (const value of values) form.append(name, value);
  return form;
}

const countRows = async () => {
  const tables = [subjectRequests, subjectRequestRights, subjectRequestIdentifiers, subjectRequestEvents];
  return Promise.all(tables.map((table) => database().$count(table)));
};

/** The problems have words in each language, as the form looks them up. */
function expectWords(fields: readonly FieldProblem[], what: string): void {
  for (const { path, reason } of fields) {
    const byParts = (words: Record<string, unknown>) =>
      path.split(".").reduce<unknown>((node, part) => (node as Record<string, unknown> | undefined)?.[part], words);
    // Of a field that the form does not have, and of an old page, the form says it as a whole.
    if (path === "" || path === "formKey" || path === "requestId" || path.startsWith("rights.") || path === "solution")
      continue;
    for (const { locale, words } of problems)
      expect(
        words[`${path}_${reason}`] ?? words[reason] ?? byParts(words),
        `${locale}: no words for ${path}: ${reason}, of ${what}`,
      ).toBeTypeOf("string");
  }
}

/** A refusal that the person can act on; null: the form was taken. */
async function refusalOf(work: Promise<unknown>, what: string): Promise<AppError | null> {
  const error = await work.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  if (error === null) return null;
  expect(error, what).toMatchObject({ name: "AppError", code: "invalid_input" });
  return error as AppError;
}

async function expectWhole(protocol: string): Promise<void> {
  const rows = await database()
    .select({ id: subjectRequests.id, rights: count(subjectRequestRights.id) })
    .from(subjectRequests)
    .innerJoin(subjectRequestRights, eq(subjectRequestRights.requestId, subjectRequests.id))
    .where(eq(subjectRequests.protocol, protocol))
    .groupBy(subjectRequests.id);
  expect(rows).toHaveLength(1);
  const { requestId, kind } = subjectRequestEvents;
  const events = await database().select({ kind }).from(subjectRequestEvents).where(eq(requestId, rows[0]!.id));
  expect(events).toEqual([{ kind: "registered" }]);
}

type Kind = {
  fields: () => Record<string, string | string[]>;
  send: (form: FormData) => Promise<{ protocol: string }>;
  fieldsOf: (form: FormData, error: AppError) => FieldProblem[];
};

const person1 = { requester: "data_subject", subjectName: "Maria", answerForm: "electronic", answerLocale: "pt-BR" };
const common = { ...person1, requesterName: "", periodFrom: "", periodTo: "", words: "", numbers: "(11) 98765-4321" };

const kinds: Record<string, Kind> = {
  "the public page": {
    fields: () => ({
      ...{ ...common, "rights[]": ["confirmation"], taxId: "", protocols: "", website: "", solution: "" },
      ...{ formKey: publicForm().formKey, answerChannel: "email", answerAddress: "maria@example.com" },
    }),
    send: (form) => submitRequest(anybody(), formInput<PublicFormInput>(form)),
    fieldsOf: (_, { details }) => details.fields ?? [],
  },
  "the intake": {
    fields: () => ({
      ...{ ...common, "rights[]": ["confirmation"], taxIds: "", protocols: "", customerReferences: "", emails: "" },
      ...{ requestId: newId(), channel: "letter", receivedAt: "2026-11-20T10:00", authorityReference: "" },
      ...{ orderedDueOn: "", answerChannel: "letter", answerAddress: "Rua A, 1" },
    }),
    send: (form) => registerRequest(contextOf(dpo.actor), intakeInput(form)),
    fieldsOf: (form, { code, details }) => {
      const state = { status: "failed" as const, code, fields: details.fields ?? [], requestId: "" };
      const shown = problemsOfForm(state, intakeInput(form) as RegisterRequestInput);
      return shown.status === "failed" ? shown.fields : [];
    },
  },
};

describe.each(Object.entries(kinds))("malformed forms of %s", (_, { fields, send, fieldsOf }) => {
  it(`are refused with words, ${most} of them, and leave nothing behind`, async () => {
    const seed = Number(process.env.SEED ?? 1);
    const sample = fc.sample(changes(Object.keys(fields())), { seed, numRuns: most * 2 });
    let refused = 0;
    for (const changed of sample) {
      if (refused === most) break;
      const form = formOf(fields(), changed);
      const what = `seed ${seed}: ${JSON.stringify(changed).slice(0, 300)}`;
      const before = refused % 20 === 0 ? await countRows() : null;
      let protocol = "";
      const error = await refusalOf(
        send(form).then((sent) => (protocol = sent.protocol)),
        what,
      );
      if (error === null) {
        await expectWhole(protocol);
        await clearLimits();
        continue;
      }
      refused += 1;
      expectWords(fieldsOf(form, error), what);
      if (before) expect(await countRows(), what).toEqual(before);
    }
    expect(refused).toBe(most);
  });
});
