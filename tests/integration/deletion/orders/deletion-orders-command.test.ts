import { execFile } from "node:child_process";
import { eq } from "drizzle-orm";
import { beforeAll, expect, it } from "vitest";
import { database } from "@/lib/db/client";
import { deletionOrders, jobs, units } from "@/lib/db/schema";
import { daysAgo, isOnDisk, policy, row, storedRecording, unitWithQueue } from "../../../support/recordings";
import { loadTypescript } from "../../../support/load-typescript";

type Ended = { code: number; stdout: string; stderr: string };

function command(...args: string[]): Promise<Ended> {
  return new Promise((resolve) =>
    execFile(
      process.execPath,
      ["--import", loadTypescript, "scripts/deletion-orders.ts", ...args],
      { env: process.env },
      (error, stdout, stderr) => resolve({ code: error ? Number(error.code) : 0, stdout, stderr }),
    ),
  );
}

beforeAll(() => policy(365));

it("shows what it would delete and does nothing; deletes it when confirmed", async () => {
  const place = await unitWithQueue();
  const [{ code }] = (await database().select({ code: units.code }).from(units).where(eq(units.id, place.unitId))) as [
    { code: string },
  ];
  const made = await Promise.all([40, 30, 1].map((age) => storedRecording({ ...place, startedAt: daysAgo(age) })));
  const [old, older, young] = made as [(typeof made)[0], (typeof made)[0], (typeof made)[0]];
  const before = daysAgo(10).toISOString().slice(0, 10);
  const shown = await command("--unit", code, "--queue", "fila-1", "--before", before);
  expect(shown).toMatchObject({ code: 0, stderr: "" });
  expect(shown.stdout).toContain("2 recordings (0.0 MB) would be deleted");
  expect(shown.stdout).toContain(old.id);
  expect(shown.stdout).toContain("Nothing was deleted");
  expect((await row(old.id)).state).toBe("stored");
  expect(JSON.parse((await command("--id", old.id, "--json")).stdout)).toMatchObject({
    recordings: 1,
    held: 0,
    sample: [{ recordingId: old.id }],
  });

  expect(await command("--unit", code, "--confirm")).toMatchObject({
    code: 2,
    stderr: expect.stringContaining("--justification"),
  });
  const done = await command(
    "--unit",
    code,
    "--before",
    before,
    "--confirm",
    "--justification",
    "Unidade encerrada",
    "--json",
  );
  expect(done.code).toBe(0);
  const { orderId, ...counts } = JSON.parse(done.stdout) as { orderId: string };
  expect(counts).toEqual({ state: "finished", expected: 2, marked: 2, kept: 0, deleted: 2, failed: 0, waiting: 0 });
  expect(isOnDisk([...old.keys, ...older.keys])).toBe(false);
  expect(await database().$count(jobs, eq(jobs.key, orderId)), "nothing is left for a portal").toBe(0);
  expect((await row(young.id)).state).toBe("stored");
  expect((await database().select().from(deletionOrders).where(eq(deletionOrders.id, orderId)))[0]).toMatchObject({
    requestedByType: "job",
    requestedById: "deletion-orders-command",
    justification: "Unidade encerrada",
  });
  expect(
    (await command("--unit", code, "--before", before, "--confirm", "--justification", "de novo")).stdout,
  ).toContain("0 recordings");
}, 120_000);

it("explains each mistake in words", async () => {
  expect(await command()).toMatchObject({ code: 2, stderr: expect.stringContaining("Choose what to delete") });
  expect(await command("--unit", "none-such")).toMatchObject({
    code: 1,
    stderr: expect.stringContaining("unknown_unit"),
  });
  expect(await command("--before", "31/12/2025")).toMatchObject({
    code: 2,
    stderr: expect.stringContaining("--before"),
  });
  expect(await command("--id", "5")).toMatchObject({ code: 2, stderr: expect.stringContaining("--id") });
  expect(await command("--state", "pending", "--id", "5")).toMatchObject({ code: 2 });
}, 120_000);
