import { execFile } from "node:child_process";
import { eq } from "drizzle-orm";
import { beforeAll, expect, it } from "vitest";
import { GET } from "@/app/api/cron/store-scan/route";
import { database } from "@/lib/db/client";
import { storeScans } from "@/lib/db/schema";
import { readScanStatus } from "@/lib/store-scan/read-scan-status";
import { startStoreScan } from "@/lib/store-scan/start-store-scan";
import { env } from "@/lib/core/env";
import { configuredStore } from "@/lib/storage/configured-store";
import { workOff } from "../../support/background-jobs";
import { policy, unitWithQueue } from "../../support/recordings";
import { person } from "../../support/actors";
import { inCustody, keyOf, latestRun } from "./custody";
import { loadTypescript } from "../../support/load-typescript";

function run(program: string, args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  return new Promise((resolve) =>
    execFile(program, args, (error, stdout, stderr) =>
      resolve({ code: error ? Number(error.code) : 0, stdout, stderr }),
    ),
  );
}

const command = (args: string[]) =>
  run(process.execPath, ["--import", loadTypescript, "scripts/store-scan.ts", ...args]);

const cron = (secret: string, query = "") =>
  GET(new Request(`http://127.0.0.1/api/cron/store-scan${query}`, { headers: { authorization: `Bearer ${secret}` } }), {
    params: Promise.resolve({}),
  });
const forget = () =>
  database()
    .update(storeScans)
    .set({ startedAt: new Date(0) });

let lost: string;

beforeAll(async () => {
  await policy(90);
  [lost] = (await inCustody(2, await unitWithQueue())) as [string];
});

it("compares, prints the open discrepancies, and reports them by its exit code", async () => {
  const whole = await command(["run"]);
  expect(whole).toMatchObject({
    code: 0,
    stdout: expect.stringContaining("2 objects and 2 recordings checked; 0 new discrepancies"),
  });
  expect(whole.stdout).toContain("No discrepancy is open.");
  await configuredStore().deleteAllVersions(keyOf(lost));
  const found = await command(["run", "--json", "--limit-seconds", "60"]);
  expect(found).toMatchObject({ code: 1, stderr: "" });
  expect(JSON.parse(found.stdout)).toMatchObject({
    run: { state: "finished", found: 1 },
    open: [{ kind: "object_missing", open: 1, acknowledged: 0, isSevere: true }],
  });
  expect(await command(["status"])).toMatchObject({
    code: 1,
    stdout: expect.stringMatching(/object_missing +1 +0 +ALARM/),
  });
  expect(await command(["run", "--limit-seconds", "0"])).toMatchObject({
    code: 2,
    stderr: expect.stringContaining("from 1 to 86400"),
  });
});

it("runs under the command name of earlier releases", async () => {
  const old = await run("npm", ["run", "--silent", "drift", "--", "status", "--json"]);
  expect(old).toMatchObject({ code: 1, stderr: "" });
  expect(JSON.parse(old.stdout)).toMatchObject({ open: [{ kind: "object_missing", open: 1 }] });
});

it("starts once a day, for the scheduler only", async () => {
  await forget();
  expect((await cron("wrong")).status).toBe(401);
  expect((await cron(env().CRON_SECRET, "?limitSeconds=0")).status).toBe(422);
  const first = await cron(env().CRON_SECRET, "?limitSeconds=30");
  expect([first.status, await first.json()]).toMatchObject([
    200,
    { state: "finished", phase: "resolve", recordingsSeen: 2, found: 0 },
  ]);
  expect(await (await cron(env().CRON_SECRET)).json()).toEqual({ runId: null, state: "not_due" });
});

it("starts in the background for an administrator, one scan at a time", async () => {
  const [admin, auditor] = await Promise.all([person("admin"), person("auditor")]);
  const { id: before } = await latestRun();
  expect(await startStoreScan(admin.context, {})).toEqual({ started: true });
  await workOff("store_scan");
  expect(await latestRun()).toMatchObject({ state: "finished" });
  expect((await latestRun()).id).not.toBe(before);
  await database()
    .insert(storeScans)
    .values({ id: crypto.randomUUID(), startedAt: new Date(), progressAt: new Date(), state: "running" });
  expect(await startStoreScan(admin.context, {})).toEqual({ started: false });
  expect(await readScanStatus(auditor.context, {})).toMatchObject({
    mayStart: false,
    open: [{ kind: "object_missing" }],
  });
  await database().delete(storeScans).where(eq(storeScans.state, "running"));
});
