import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { and, eq, isNotNull, sql } from "drizzle-orm";
import { beforeAll, expect, it } from "vitest";
import { database } from "@/lib/db/client";
import { deletionOrders, jobs, units } from "@/lib/db/schema";
import { newId } from "@/lib/core/new-id";
import { orderDeletion } from "@/lib/deletion/orders/order-deletion";
import { claimJob } from "@/lib/jobs/claim-jobs";
import { daysAgo, isOnDisk, job, policy, row, storedRecording, unitWithQueue } from "../../../support/recordings";
import { loadTypescript } from "../../../support/load-typescript";
import { waitUntil } from "../../../support/wait-until";

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
});

const ordered = async () => {
  const { unitId } = await unitWithQueue();
  const { id } = await storedRecording({ unitId, startedAt: daysAgo(40) });
  const [unit] = await database().select({ code: units.code }).from(units).where(eq(units.id, unitId));
  return { id, unitId, code: unit!.code };
};
const page = "http://127.0.0.1:1/retention/deletion-orders";

it("leaves an interrupted order for an hour, and continues it when told to", async () => {
  const { id, unitId, code } = await ordered();
  let order: { id: string } | undefined;
  const ofUnit = eq(sql`${deletionOrders.selection} ->> 'unitId'`, unitId);
  const ended = await database().transaction(async (tx) => {
    // The command cannot mark anything while this lasts.
    await tx.execute(sql`set local idle_in_transaction_session_timeout = 0`);
    await tx.execute(sql`lock table recordings in share mode`);
    const args = ["--unit", code, "--confirm", "--justification", "Unidade encerrada"];
    const child = spawn(process.execPath, ["--import", loadTypescript, "scripts/deletion-orders.ts", ...args]);
    const seen = { stdout: "", stderr: "" };
    child.stdout.on("data", (text: Buffer) => (seen.stdout += text.toString()));
    child.stderr.on("data", (text: Buffer) => (seen.stderr += text.toString()));
    const closed = once(child, "close");
    await waitUntil("the command has the job", async () => {
      [order] = await database().select({ id: deletionOrders.id }).from(deletionOrders).where(ofUnit);
      return !!order && (await database().$count(jobs, and(eq(jobs.key, order.id), isNotNull(jobs.leasedUntil)))) > 0;
    });
    child.kill("SIGINT");
    await waitUntil("the command has heard it", () => seen.stderr.includes("Interrupted"));
    return { closed, seen };
  });
  expect(await ended.closed).toEqual([1, null]);
  const orderId = order!.id;
  expect(ended.seen.stderr).toContain(`You interrupted order ${orderId}: 0 of 1 recording deleted.`);
  expect(ended.seen.stderr).toContain(`A portal continues it in an hour. Follow it at ${page}.`);
  expect(ended.seen.stderr).toContain(`npm run deletion-orders -- --continue ${orderId}`);
  expect((await row(id)).state).toBe("deleting");
  const inAnHour = sql<boolean>`${jobs.runAt} between now() + interval '50 minutes' and now() + interval '1 hour'`;
  expect(await database().select({ inAnHour }).from(jobs).where(eq(jobs.key, orderId))).toEqual([{ inAnHour: true }]);
  const continued = await command("--continue", orderId);
  expect(continued).toMatchObject({ code: 0, stdout: expect.stringContaining("1 marked, 1 deleted") });
  expect((await row(id)).state).toBe("deleted");
  expect(await database().$count(jobs, eq(jobs.key, orderId))).toBe(0);
});

it("says that a portal carries an order out, and where to follow it", async () => {
  const { id, unitId } = await ordered();
  const { orderId } = await orderDeletion(job(), {
    selection: { unitId },
    justification: "Unidade encerrada",
    acknowledgedRecordings: 1,
  });
  await claimJob({ kind: "deletion_order", key: orderId, payload: { orderId } }, 600_000);
  const text = `A portal carries out order ${orderId}. Follow it at ${page}.`;
  expect(await command("--continue", orderId)).toEqual({ code: 1, stdout: "", stderr: `${text}\n` });
  const asJson = await command("--continue", orderId, "--json");
  expect(asJson).toMatchObject({ code: 1, stderr: `${text}\n` });
  expect(JSON.parse(asJson.stdout)).toMatchObject({ orderId, state: "running", marked: 0 });
  expect((await row(id)).state).toBe("stored");
});

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
  expect(await command("--continue", newId())).toMatchObject({
    code: 1,
    stderr: expect.stringContaining("not_found"),
  });
});
