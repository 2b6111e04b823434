import { execFile } from "node:child_process";
import { beforeAll, expect, it } from "vitest";
import { newId } from "@/lib/core/new-id";
import { GET } from "@/app/api/cron/retention/route";
import { env } from "@/lib/core/env";
import { daysAgo, isOnDisk, policy, row, storedRecording, unitWithQueue } from "../../support/recordings";
import { loadTypescript } from "../../support/load-typescript";

type Ended = { code: number; stdout: string; stderr: string };

function command(args: string[], changes: Record<string, string | undefined> = {}): Promise<Ended> {
  return new Promise((resolve) =>
    execFile(
      process.execPath,
      ["--import", loadTypescript, "scripts/retention.ts", ...args],
      { env: { ...process.env, ...changes } },
      (error, stdout, stderr) => resolve({ code: error ? Number(error.code) : 0, stdout, stderr }),
    ),
  );
}

const cron = (authorization: string | null, query = "") =>
  GET(
    new Request(`http://127.0.0.1/api/cron/retention${query}`, {
      headers: authorization === null ? {} : { authorization },
    }),
    { params: Promise.resolve({}) },
  );

beforeAll(() => policy(90));

it("lists what it would delete and deletes nothing; deletes it when confirmed", async () => {
  const place = await unitWithQueue();
  const { id, keys } = await storedRecording({ ...place, startedAt: daysAgo(200) });
  const doubtful = await storedRecording({ ...place, startedAt: daysAgo(200), dateDoubt: "sender" });
  const dryRun = await command(["--dry-run"]);
  expect(dryRun).toMatchObject({ code: 0, stderr: "" });
  expect(dryRun.stdout).toContain("1 recording would be deleted now");
  expect(dryRun.stdout).toContain("1 more are past their date but are kept: it is doubtful");
  expect(dryRun.stdout).not.toContain(doubtful.id);
  expect(dryRun.stdout).toMatch(new RegExp(`${id}.*fila-1.*Padrão \\(version 1\\)`));
  const asJson = JSON.parse((await command(["--dry-run", "--json"])).stdout);
  expect(asJson.recordings).toMatchObject([
    { recordingId: id, queue: "fila-1", policy: { name: "Padrão", version: 1 } },
  ]);
  expect((await row(id)).state).toBe("stored");
  const run = await command(["--run", "--json"]);
  expect(run).toMatchObject({ code: 0, stderr: "" });
  expect(JSON.parse(run.stdout)).toMatchObject({
    ...{ state: "finished", due: 1, deleted: 1, doubtfulDate: 1, remaining: 0 },
  });
  expect((await command(["--run"])).stdout).toContain("1 with a doubtful date, 0 remaining");
  expect([isOnDisk(keys), isOnDisk(doubtful.keys)]).toEqual([false, true]);
});

it("explains in words what is missing", async () => {
  expect(await command([])).toMatchObject({ code: 2, stderr: expect.stringContaining("--dry-run or --run") });
  expect(await command(["--dry-run", "--run"])).toMatchObject({ code: 2 });
  expect(await command(["--dry-run", "--limit", "0"])).toMatchObject({
    code: 2,
    stderr: expect.stringContaining("from 1 to 500"),
  });
  expect(await command(["--run"], { CRON_SECRET: "" })).toMatchObject({
    code: 2,
    stderr: expect.stringContaining("CRON_SECRET"),
  });
  expect(await command(["--run"], { DATABASE_URL: "postgresql://nobody@127.0.0.1:1/none" })).toMatchObject({
    code: 2,
    stdout: "",
    stderr: expect.stringContaining("ECONNREFUSED"),
  });
});

it("runs for the scheduler only", async () => {
  const place = await unitWithQueue();
  const { id } = await storedRecording({ ...place, startedAt: daysAgo(200) });
  for (const wrong of [null, "Bearer ", `Bearer ${newId()}`, env().CRON_SECRET]) {
    const refused = await cron(wrong);
    expect(refused.status).toBe(401);
    expect(await refused.json()).toMatchObject({ code: "wrong_cron_secret" });
  }
  const secret = `Bearer ${env().CRON_SECRET}`;
  expect((await cron(secret, "?limitSeconds=0")).status).toBe(422);
  expect((await row(id)).state).toBe("stored");
  const answer = await cron(secret, "?limitSeconds=30");
  expect(answer.status).toBe(200);
  const body = await answer.json();
  expect(Object.keys(body)).toEqual([
    "runId",
    "state",
    "due",
    "marked",
    "deleted",
    "failed",
    "held",
    "doubtfulDate",
    "blocked",
    "bytesDeleted",
    "remaining",
    "durationMs",
    "waiting",
  ]);
  expect(body).toMatchObject({ state: "finished", due: 1, marked: 1, deleted: 1, failed: 0, remaining: 0 });
});
