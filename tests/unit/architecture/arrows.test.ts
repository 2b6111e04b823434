import { execFile } from "node:child_process";
import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { afterEach, beforeEach, expect, test } from "vitest";

const root = path.resolve(import.meta.dirname, "../../..");
const cruiser = path.join(root, "node_modules/dependency-cruiser/bin/dependency-cruiser.mjs");

let house: string;

beforeEach(async () => {
  house = await mkdtemp(path.join(tmpdir(), "custodia-house-"));
  await symlink(path.join(root, "node_modules"), path.join(house, "node_modules"));
  await build("tsconfig.json", JSON.stringify({ compilerOptions: { paths: { "@/*": ["./*"] } } }));
  await build("lib/core/errors.ts", "export const errors = 1;\n");
  await build("lib/db/client.ts", 'import { errors } from "@/lib/core/errors";\nexport const client = errors;\n');
  await build("lib/http/read.ts", 'import { headers } from "next/headers";\nexport const read = headers;\n');
  await build("app/page.ts", 'import type { client } from "@/lib/db/client";\nexport type Page = typeof client;\n');
});

afterEach(() => rm(house, { recursive: true, force: true }));

async function build(file: string, text: string): Promise<void> {
  await mkdir(path.dirname(path.join(house, file)), { recursive: true });
  await writeFile(path.join(house, file), text);
}

/** Which rule each file breaks, as `rule: file`. */
async function brokenRules(): Promise<string[]> {
  const args = [cruiser, "--config", path.join(root, ".dependency-cruiser.mjs"), "--output-type", "json", "lib", "app"];
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: house });
  const { summary } = JSON.parse(stdout) as {
    summary: { totalCruised: number; violations: { from: string; rule: { name: string } }[] };
  };
  expect(summary.totalCruised).toBeGreaterThanOrEqual(4);
  return [...new Set(summary.violations.map(({ from, rule }) => `${rule.name}: ${from}`))].sort();
}

test("a project whose imports point down breaks no rule", async () => {
  expect(await brokenRules()).toEqual([]);
});

test("each rule refuses its wrong import", async () => {
  await build("lib/core/log.ts", 'import { client } from "@/lib/db/client";\nexport const log = client;\n');
  await build("lib/playback/play.ts", "export const play = 1;\n");
  await build("lib/uploads/send.ts", 'import { play } from "@/lib/playback/play";\nexport const send = play;\n');
  await build("lib/media/one.ts", 'import type { Two } from "./two";\nexport type One = Two | 1;\n');
  await build("lib/media/two.ts", 'import type { One } from "./one";\nexport type Two = One | 2;\n');
  await build("lib/audit/seal/one.ts", 'import { two } from "../verify/two";\nexport const one = two;\n');
  await build("lib/audit/seal/four.ts", "export const four = 4;\n");
  await build("lib/audit/verify/two.ts", "export const two = 2;\n");
  await build("lib/audit/verify/three.ts", 'import { four } from "../seal/four";\nexport const three = four;\n');
  await build("lib/utils/all.ts", 'import { errors } from "@/lib/core/errors";\nexport const all = errors;\n');
  await build("lib/access/read.ts", 'import { headers } from "next/headers";\nexport const read = headers;\n');
  await build("app/other.ts", 'import { client } from "@/lib/db/client";\nexport const other = client;\n');
  expect(await brokenRules()).toEqual([
    "arrow-of-core: lib/core/log.ts",
    "arrow-of-uploads: lib/uploads/send.ts",
    "every-file-has-a-room: lib/utils/all.ts",
    "no-database-or-store-in-pages: app/other.ts",
    "no-file-cycle: lib/media/one.ts",
    "no-folder-cycle: lib/audit/seal",
    "no-folder-cycle: lib/audit/verify",
    "no-folder-cycle: lib/core",
    "no-folder-cycle: lib/db",
    "no-framework-in-rooms: lib/access/read.ts",
  ]);
});
