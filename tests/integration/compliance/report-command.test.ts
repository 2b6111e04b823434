import { execFile } from "node:child_process";
import { appendFile, mkdtemp, readdir, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, it } from "vitest";
import { publicKeysPem } from "@/lib/audit/signing-keys";
import { today } from "@/lib/core/time";
import { database } from "@/lib/db/client";
import { auditReports } from "@/lib/db/schema";
import { sealAll } from "../../support/deletions";
import { loadTypescript } from "../../support/load-typescript";
import { policy } from "../../support/recordings";

type Ended = { code: number; stdout: string; stderr: string };

const audit = (args: string[], environment: NodeJS.ProcessEnv = process.env) =>
  new Promise<Ended>((resolve) =>
    execFile(
      process.execPath,
      ["--import", loadTypescript, "scripts/audit.ts", ...args],
      { env: environment },
      (error, stdout, stderr) => resolve({ code: error ? Number(error.code) : 0, stdout, stderr }),
    ),
  );

/** The environment of an auditor's own machine: no database, no secret. */
const elsewhere = { PATH: process.env.PATH } as unknown as NodeJS.ProcessEnv;

it("makes a report, writes its files, and verifies them on another machine until one is altered", async () => {
  await policy(90);
  await sealAll();
  const folder = await mkdtemp(path.join(tmpdir(), "custodia-report-"));
  const period = ["--from", today(), "--to", today()];
  const made = await audit(["report", ...period, "--out", folder, "--language", "en"]);
  expect(made).toMatchObject({ code: 0, stderr: "" });
  const names = await readdir(folder);
  expect(names).toHaveLength(5);
  expect(await database().select().from(auditReports)).toMatchObject([{ state: "ready", locale: "en" }]);
  const keys = path.join(tmpdir(), `keys-${Date.now()}.pem`);
  await writeFile(keys, publicKeysPem());
  const statement = path.join(
    folder,
    names.find((name) => name.endsWith(".json"))!,
  );
  const verify = () => audit(["verify-report", statement, "--public-key", keys], elsewhere);
  expect(await verify()).toMatchObject({ code: 0, stdout: expect.stringContaining("VALID: report R-") });
  await appendFile(
    path.join(
      folder,
      names.find((name) => name.endsWith(".pdf"))!,
    ),
    " ",
  );
  expect(await verify()).toMatchObject({ code: 1, stdout: expect.stringContaining("Do not rely on it") });
  expect((await audit(["report", "--from", "2099-01-01", "--to", "2099-01-01"])).code).toBe(2);
});
