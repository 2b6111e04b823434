import ts from "typescript";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { createServiceAccount } from "@/lib/access/service-accounts/create-service-account";
import { createUnit } from "@/lib/access/units/create-unit";
import { createUser } from "@/lib/access/users/create-user";
import { severalLines, singleLine, withoutHidden } from "@/lib/core/text-input";
import { newId } from "@/lib/core/new-id";
import { placeHold } from "@/lib/legal-holds/place-hold";
import { changeMessageText } from "@/lib/notifications/templates/change-message-text";
import { operator, signedInAs } from "../../support/people";
import { nodesOf, sourceFiles } from "../../support/source-files";

const hidden = {
  "a line break": "Ana\nBcc: todos@example.com",
  "a carriage return": "Ana\rSilva",
  "a bell": "Ana\u0007",
  "the override of direction": "relatorio\u202egpj.exe",
  "an isolate": "Ana\u2066Silva",
  "a mark of direction": "Ana\u200fSilva",
  "a zero-width space": "An\u200ba",
  "a line separator": "Ana\u2028Silva",
  "half a character": "Ana\ud83d",
};
const names = ["José d'Ávila", "Ana (RH) – 2º turno", "João 👩‍👩‍👧", "O'Neil & Cia.", "نور"];

test.each(Object.entries(hidden))("a name has no %s", (_, name) => {
  const refused = singleLine(120).safeParse(name);
  expect(refused.error?.issues.map(({ message }) => message)).toEqual(["hidden_character"]);
  expect(singleLine(120).safeParse(withoutHidden(name)).success).toBe(true);
});

test.each(names)("%s is a name", (name) => {
  expect([singleLine(120).parse(` ${name}\n`), withoutHidden(name)]).toEqual([name, name]);
});

test("a text of several lines has line breaks and tabs, and nothing hidden", () => {
  expect(severalLines(100).parse("um\r\n\tdois")).toBe("um\r\n\tdois");
  for (const text of ["um\u0000dois", "um\u202edois", "um\u001b[31m"])
    expect(severalLines(100).safeParse(text).success).toBe(false);
});

describe("operations refuse them", () => {
  const refusal = { code: "invalid_input" };

  test.each(Object.entries(hidden))(
    "%s in the name of a person, a unit or an account, and in a matter",
    async (_, text) => {
      await expect(createServiceAccount(operator(), { name: text })).rejects.toMatchObject(refusal);
      await expect(createUnit(operator(), { code: newId(), name: text } as never)).rejects.toMatchObject(refusal);
      await expect(
        createUser(operator(), { name: text, email: `${newId()}@example.com`, role: "dpo", unitIds: [] } as never),
      ).rejects.toMatchObject(refusal);
      const dpo = await (await signedInAs("dpo")).context();
      const hold = { matter: text, reason: "x", ownerId: dpo.actor.userId, reviewOn: "2099-01-01" };
      const selection = { recordingIds: [newId()] };
      await expect(placeHold(dpo, { ...hold, selection })).rejects.toMatchObject({
        ...refusal,
        details: { fields: [{ path: "matter", reason: "hidden_character" }] },
      });
      await expect(changeMessageText(dpo, { subject: text } as never)).rejects.toMatchObject(refusal);
    },
  );

  test("and accept names of people", async () => {
    for (const name of names) expect(await createServiceAccount(operator(), { name })).toBeTruthy();
  });
});

/** Texts of programs, and what is cleaned instead of refused. */
const exceptions: Record<string, string> = {
  "lib/notifications/messages/report-undelivered.ts": "what a mail system said, shown as it is",
  "lib/subject-requests/letter/letter-content.ts": "made of texts that were checked when they were typed",
  "lib/uploads/upload-request.ts": "a recording is not refused for a character: hidden ones are left out",
};

/** A trimmed text is typed by a person. A pattern, a list or another schema behind it says what it may be. */
test("no schema has a bare text for what a person types", () => {
  const bare = sourceFiles("lib").flatMap(({ path, tree }) => {
    if (path === "lib/core/text-input.ts" || path in exceptions || path.startsWith("lib/core/env")) return [];
    if (!tree.text.includes(".trim()")) return [];
    return [...nodesOf(tree)]
      .filter(
        (node): node is ts.CallExpression => ts.isCallExpression(node) && !ts.isPropertyAccessExpression(node.parent),
      )
      .map((node) => node.getText().replaceAll(/\s+/g, ""))
      .filter(
        (text) =>
          /^z\.string\(\)(\.\w+\([^()]*\))*\.trim\(\)/.test(text) &&
          !/\.(regex|refine|superRefine|pipe|transform|toLowerCase)\(/.test(text),
      )
      .map((text) => `${path}: ${text}`);
  });
  expect(bare).toEqual([]);
  expect(z.string().trim().safeParse(hidden["a line break"]).success).toBe(true);
});
