import { generateKeyPairSync } from "node:crypto";
import { expect, it } from "vitest";
import { verifyLetter } from "@/lib/subject-requests/letter/letter-statement";
import { issueLetter } from "@/lib/subject-requests/letter/render-letter";
import { configuredPublicKeys } from "@/lib/audit/signing-keys";
import { letter } from "../../../support/letters";

it("verifies a letter with its statement, which names nobody", async () => {
  const { pdf, statement } = await issueLetter(letter);
  expect(verifyLetter(statement, pdf, configuredPublicKeys())).toMatchObject({
    holds: true,
    letter: { number: letter.number, protocol: letter.protocol, sizeBytes: pdf.length },
    problems: [],
  });
  for (const name of ["Maria", "Ângela", "Silva", "gravação"]) expect(statement).not.toContain(name);
});

it("refuses an altered letter, an altered statement, another key and what is no statement", async () => {
  const { pdf, statement } = await issueLetter(letter);
  const keys = configuredPublicKeys();
  const problems = (text: string, bytes: Buffer, given = keys) => verifyLetter(text, bytes, given).problems.join("; ");
  const altered = Buffer.from(pdf);
  altered[altered.length - 20]! ^= 1;
  expect(problems(statement, altered)).toBe("the letter is not the one that was signed");
  expect(problems(statement.replace("-R1", "-R2"), pdf)).toContain("the signature is not valid");
  expect(problems(` ${statement}`, pdf)).toContain("not as it was written");
  const { publicKey } = generateKeyPairSync("ed25519");
  expect(problems(statement, pdf, { get: () => publicKey })).toContain("another key signed it");
  expect(problems(statement, pdf, new Map())).toContain("no public key");
  for (const text of ["", "{}", '{"letter":{}}', statement.replace("custodia.answer-letter.v1", "other")])
    expect(verifyLetter(text, pdf, keys)).toMatchObject({ holds: false, letter: null });
});
