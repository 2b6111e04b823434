import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { generateKeyPairSync } from "node:crypto";
import { afterAll, beforeAll, expect, it } from "vitest";
import { publicKeysPem } from "@/lib/audit/signing-keys";
import { append, asAttacker, emptyLog, seal } from "../../support/log-under-test";
import { runCommand } from "../../support/run-command";

let folder: string;
const file = (name: string) => path.join(folder, name);
const audit = (...args: string[]) => runCommand("scripts/audit.ts", args);

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "custodia-audit-"));
  await emptyLog();
  await append(3);
  await seal();
  await writeFile(file("keys.pem"), publicKeysPem());
  const { publicKey } = generateKeyPairSync("ed25519");
  await writeFile(file("foreign.pem"), publicKey.export({ type: "spki", format: "pem" }));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

// A command takes a second, and many of them on a busy machine.
const patient = { timeout: 240_000 };

it("tells by text and exit code what is whole, and what was not proven", patient, async () => {
  expect(await audit("verify")).toMatchObject({ code: 0, stdout: expect.stringContaining("INTACT") as string });
  const empty = ["--from", "2001-01-01", "--to", "2001-01-31"];
  const nothing = { code: 2, stdout: expect.stringContaining("NOTHING TO VERIFY") as string };
  expect(await audit("verify", ...empty)).toMatchObject(nothing);

  expect(await audit("export", ...empty, "--out", file("empty.jsonl"))).toMatchObject({ code: 0 });
  expect(await audit("verify-export", file("empty.jsonl"), "--public-key", file("keys.pem"))).toMatchObject(nothing);

  expect(await audit("export", "--out", file("all.jsonl"))).toMatchObject({ code: 0 });
  const check = (name: string, keys = "keys.pem") => audit("verify-export", file(name), "--public-key", file(keys));
  expect(await check("all.jsonl")).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(
      /^INTACT: .*\n {2}4 events \(seals 1 to 1\) are in the tree of 5 leaves and root [\w+/]{43}=, \S+\/1\.\n$/,
    ) as string,
  });
  expect(await check("all.jsonl", "foreign.pem")).toMatchObject({
    code: 2,
    stdout: expect.stringMatching(/FOREIGN KEY.*\n.*line 2: is signed with a foreign key/) as string,
  });
  await writeFile(file("edited.jsonl"), (await readFile(file("all.jsonl"), "utf8")).replaceAll("\n", "\r\n"));
  expect(await check("edited.jsonl")).toMatchObject({
    code: 1,
    stdout: expect.stringMatching(/BROKEN.*\n.*line 1: ends with CR LF/) as string,
  });
});

it("names what an attacker removed, and ends with 1", patient, async () => {
  await asAttacker((sql) => sql`delete from audit_seals`);
  expect(await audit("verify")).toMatchObject({ code: 1, stdout: expect.stringContaining("tail_cut_off") as string });
});
