import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { publicKeysPem } from "@/lib/audit/signing-keys";
import { newId } from "@/lib/core/new-id";
import { daysAgo, policy, storedRecording, unitWithQueue } from "../../support/recordings";
import { clean, retain, sealAll } from "../../support/deletions";
import { loadTypescript } from "../../support/load-typescript";

type Ended = { code: number; stdout: string; stderr: string };

function receipts(args: string[], environment: NodeJS.ProcessEnv = process.env): Promise<Ended> {
  return new Promise((resolve) =>
    execFile(
      process.execPath,
      ["--import", loadTypescript, "scripts/receipts.ts", ...args],
      { env: environment },
      (error, stdout, stderr) => resolve({ code: error ? Number(error.code) : 0, stdout, stderr }),
    ),
  );
}

/** The environment of an auditor's own machine: no database, no secret. */
const elsewhere = { PATH: process.env.PATH } as unknown as NodeJS.ProcessEnv;

let folder: string;
let ids: { recording: string; run: string; order: string };
const file = (name: string) => path.join(folder, name);

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "custodia-receipts-"));
  await writeFile(file("keys.pem"), publicKeysPem());
  await policy(90);
  const [place, cleaned] = [await unitWithQueue(), await unitWithQueue()];
  const recording = (await storedRecording({ ...place, startedAt: daysAgo(200) })).id;
  await storedRecording({ ...cleaned, startedAt: daysAgo(3) });
  const { runId: run } = await retain();
  ids = { recording, run, order: await clean(cleaned.unitId, 1) };
  await sealAll();
});

afterAll(() => rm(folder, { recursive: true, force: true }));

it("issues receipts that verify on a machine with only the public key", async () => {
  for (const kind of ["recording", "order"] as const) {
    expect(await receipts(["issue", `--${kind}`, ids[kind], "--out", file(kind)]), kind).toMatchObject({ code: 0 });
    const verified = await receipts(["verify", file(kind), "--public-key", file("keys.pem")], elsewhere);
    expect(verified, kind).toMatchObject({ code: 0, stderr: "" });
    expect(verified.stdout).toContain("VALID: receipt ");
    expect(verified.stdout).toContain(ids[kind]);
  }
  expect(await receipts(["issue", "--run", ids.run, "--format", "pdf", "--out", file("run.pdf")])).toMatchObject({
    code: 0,
  });
  expect((await readFile(file("run.pdf"))).toString("latin1", 0, 5)).toBe("%PDF-");
});

it("names what does not verify, with exit code 1", async () => {
  const text = await readFile(file("recording"), "utf8");
  await writeFile(file("changed"), text.replace('"versionsDeleted":2', '"versionsDeleted":9'));
  const changed = await receipts(["verify", file("changed"), "--public-key", file("keys.pem"), "--json"], elsewhere);
  expect(changed.code).toBe(1);
  const { holds, problems } = JSON.parse(changed.stdout) as { holds: boolean; problems: { check: string }[] };
  expect([holds, problems.map(({ check }) => check)]).toEqual([
    false,
    expect.arrayContaining(["signature", "events", "statement"]),
  ]);
});

it("distinguishes wrong use from a missing receipt", async () => {
  expect(await receipts(["verify", file("recording")], elsewhere)).toMatchObject({
    code: 2,
    stderr: expect.stringContaining("--public-key"),
  });
  expect(await receipts(["issue", "--out", file("x")])).toMatchObject({
    code: 2,
    stderr: expect.stringContaining("Give one of"),
  });
  expect(await receipts(["issue", "--recording", newId(), "--out", file("x")])).toMatchObject({
    code: 1,
    stderr: expect.stringContaining("not_found"),
  });
});
