import { execFile } from "node:child_process";
import { mkdtemp, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { beforeAll, expect, it } from "vitest";
import { publicKeysPem } from "@/lib/audit/signing-keys";
import { getDocumentProxy } from "unpdf";
import { loadTypescript } from "../../support/load-typescript";

let folder: string;
const file = (name: string) => path.join(folder, name);

/** Runs the command; answers its exit code and output. */
const command = (...args: string[]) =>
  new Promise<{ code: number; output: string }>((resolve) => {
    execFile(
      process.execPath,
      ["--import", loadTypescript, "scripts/compliance.ts", ...args],
      { env: process.env },
      (error, stdout, stderr) =>
        resolve({ code: error === null ? 0 : Number(error.code ?? -1), output: stdout + stderr }),
    );
  });

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "custodia-compliance-"));
});

it("writes the documentation, and verifies its signed content with the public keys alone", async () => {
  const written = await command("documentation", "--out", file("audit.pdf"));
  expect(written.code, written.output).toBe(0);
  const opened = await getDocumentProxy(new Uint8Array(await readFile(file("audit.pdf"))));
  const [id] = [...((await opened.getAttachments()) as Map<string, unknown>).keys()];
  const content = (await opened.getAttachmentContent(id!)) as unknown as Uint8Array;
  await writeFile(file("content.json"), content);
  await writeFile(file("keys.pem"), publicKeysPem());
  const verify = (name: string) => command("verify", file(name), "--public-key", file("keys.pem"));
  expect(await verify("content.json")).toMatchObject({ code: 0, output: expect.stringContaining("VALID") });
  await writeFile(file("altered.json"), Buffer.from(content).toString().replace("Controladora", "Controlador"));
  expect(await verify("altered.json")).toMatchObject({ code: 1, output: expect.stringContaining("INVALID") });
  expect(await verify("keys.pem")).toMatchObject({
    code: 1,
    output: expect.stringContaining("not the signed content"),
  });
  expect(await command("documentation")).toMatchObject({ code: 2 });
});
