import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import postgres from "postgres";
import { beforeEach, describe, expect, it } from "vitest";
import { startSealer } from "@/lib/audit/start-sealer";
import { WriterCounter, counterKey, counterPrefix, parseCounterKey } from "@/lib/audit/writer-counter";
import { database } from "@/lib/db/client";
import { auditEvents } from "@/lib/db/schema/audit";
import { currentWriter, retireWriter } from "@/lib/operation/audit-writer";
import { configuredStore } from "@/lib/storage/configured-store";
import { append, appendOnly, asAttacker, emptyLog, ended, seal, verify } from "../../support/log-under-test";
import { loadTypescript } from "../../support/load-typescript";
import { waitUntil } from "../../support/wait-until";

beforeEach(emptyLog);

const leave = (counter = new WriterCounter()) => counter.leave(configuredStore(), database());
const stored = async () =>
  (await configuredStore().list({ prefix: counterPrefix, limit: 1000 })).objects.map(({ key }) =>
    parseCounterKey(key)!,
  );
const findings = async () => (await verify()).findings;

/** Opens a writing transaction of the owner, which stops sealing. */
async function holdSealing(): Promise<() => Promise<void>> {
  const owner = postgres(process.env.MIGRATION_DATABASE_URL!, { max: 1, onnotice: () => undefined });
  await owner`begin`.simple();
  await owner`select pg_current_xact_id()`;
  return () => owner.end({ timeout: 0 });
}

const deleteUnsealed = () =>
  asAttacker(
    (sql) => sql`delete from audit_events
      where transaction_id >= coalesce((select max(transaction_to::text::numeric) from audit_seals), 0)::text::xid8`,
  );

it("a process that is killed, and its events with it before their seal, shows by its counter", async () => {
  await append(1);
  await seal();
  const goOn = await holdSealing();
  const program = fileURLToPath(new URL("./append-forever.ts", import.meta.url));
  const child = spawn(process.execPath, ["--import", loadTypescript, program], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [line] = (await once(createInterface(child.stdout), "line")) as [string];
  const writerId = line.split(" ")[0]!;
  await waitUntil("the process has left its counter", async () =>
    (await stored()).some((counter) => counter.writerId === writerId),
  );
  child.kill("SIGKILL");
  await once(child, "exit");
  const { settled } = (await stored()).find((counter) => counter.writerId === writerId)!;
  await deleteUnsealed();
  await goOn();
  const report = await verify();
  expect(report).toMatchObject({ verdict: "broken", counts: { writer_cut_off: 1 } });
  const numbers = settled === 1 ? "number 1" : `numbers 1 to ${settled}`;
  expect(report.findings).toContainEqual({
    code: "writer_cut_off",
    writerId,
    detail: expect.stringContaining(`${numbers} of this process were committed by 20`) as string,
  });
});

describe("a counter", () => {
  it("names the numbers at the end that are missing, and nothing while all are there", async () => {
    await append(4);
    await seal();
    await appendOnly(2);
    const { id, settled } = currentWriter();
    await leave();
    expect(await verify()).toMatchObject({ verdict: "whole", findings: [] });
    await ended();
    await deleteUnsealed();
    retireWriter(currentWriter());
    expect(await findings()).toMatchObject([
      {
        code: "writer_cut_off",
        writerId: id,
        detail: expect.stringContaining(`numbers ${settled - 1} to ${settled} `),
      },
    ]);
    await append(1);
    await seal();
    expect((await verify()).counts).toMatchObject({ writer_cut_off: 1 });
  });

  it("states only what is committed, is written once for each number, and leaves one object", async () => {
    const counter = new WriterCounter();
    await leave(counter);
    await appendOnly(1);
    await leave(counter);
    await leave(counter);
    await appendOnly(2);
    await leave(counter);
    const { id: writerId, settled } = currentWriter();
    expect(await stored()).toMatchObject([{ writerId, settled }]);
    expect(await database().$count(auditEvents)).toBe(settled);
  });

  it("that is damaged, forged or misnamed is a finding; a false one accuses nobody", async () => {
    await append(1);
    await leave();
    const [{ epoch, writerId, settled } = { epoch: "", writerId: "", settled: 0 }] = await stored();
    const put = (key: string, body: string) =>
      configuredStore().put(key, Buffer.from(body), { contentType: "application/json", ifNoneMatch: "*" });
    const { stream } = await configuredStore().readRange(counterKey({ epoch, writerId, settled }), {
      start: 0,
      endInclusive: 4096,
    });
    const genuine = await new Response(stream).text();
    await seal();
    for (const body of ["{}", genuine, genuine.replace(`"settled":${settled}`, `"settled":${settled + 7}`)]) {
      const key = counterKey({ epoch, writerId, settled: settled + 7 });
      await put(key, body);
      const report = await verify();
      expect([report.verdict, report.counts]).toEqual(["broken", { counter_invalid: 1 }]);
      await configuredStore().deleteAllVersions(key);
    }
    await put(`${counterPrefix}x`, "{}");
    expect((await verify()).counts).toEqual({ counter_invalid: 1 });
  });
});

it("a running server leaves its counter although sealing is stopped, and at its end", async () => {
  const goOn = await holdSealing();
  await appendOnly(1);
  const sealer = startSealer();
  const isLeft = async (number: number) => (await stored()).some(({ settled }) => settled >= number);
  await waitUntil("the counter is left at the start", () => isLeft(1));
  await appendOnly(2);
  const { settled } = currentWriter();
  await goOn();
  await sealer.stop();
  expect(await isLeft(settled)).toBe(true);
  expect(await stored()).toHaveLength(1);
});
