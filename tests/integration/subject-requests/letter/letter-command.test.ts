import { execFile } from "node:child_process";
import { mkdtemp, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { beforeAll, expect, it } from "vitest";
import { publicKeysPem } from "@/lib/audit/signing-keys";
import { issueLetter } from "@/lib/subject-requests/letter/render-letter";
import { letter } from "../../../support/letters";
import { loadTypescript } from "../../../support/load-typescript";

/** On an auditor's own machine: no database, no secret. */
const elsewhere = { PATH: process.env.PATH } as unknown as NodeJS.ProcessEnv;

const verify = (...args: string[]) =>
  new Promise<{ code: number; stdout: string; stderr: string }>((resolve) =>
    execFile(
      process.execPath,
      ["--import", loadTypescript, "scripts/receipts.ts", "verify", ...args, "--public-key", file("keys.pem")],
      { env: elsewhere },
      (error, stdout, stderr) => resolve({ code: error ? Number(error.code) : 0, stdout, stderr }),
    ),
  );

let folder: string;
const file = (name: string) => path.join(folder, name);

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "custodia-letter-command-"));
  const { pdf, statement } = await issueLetter(letter);
  await Promise.all([
    writeFile(file("letter.pdf"), pdf),
    writeFile(file("letter.json"), statement),
    writeFile(file("keys.pem"), publicKeysPem()),
  ]);
});

it("verifies a letter on a machine with only the letter, its statement and the public key", async () => {
  const { code, stdout, stderr } = await verify(file("letter.json"), "--letter", file("letter.pdf"));
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  expect(stdout).toContain(`VALID: letter ${letter.number}`);
  expect(stdout).toContain(letter.protocol);
});

it("says what does not verify, with exit code 1, and what is missing, with exit code 2", async () => {
  await writeFile(file("other.pdf"), Buffer.concat([await readFile(file("letter.pdf")), Buffer.from("\n")]));
  const other = await verify(file("letter.json"), "--letter", file("other.pdf"));
  expect(other).toMatchObject({ code: 1, stdout: expect.stringContaining("not the one that was signed") });
  const json = await verify(file("letter.json"), "--letter", file("other.pdf"), "--json");
  expect(JSON.parse(json.stdout)).toMatchObject({ holds: false, letter: { number: letter.number } });
  expect(await verify(file("letter.json"))).toMatchObject({ code: 2, stderr: expect.stringContaining("--letter") });
  const missing = await verify(file("letter.json"), "--letter", file("nothing.pdf"));
  expect(missing).toMatchObject({ code: 2, stderr: expect.stringContaining("There is no file") });
});
