import postgres from "postgres";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { GET } from "@/app/api/health/route";
import { readIntegrity } from "@/lib/audit/read-integrity";
import { appendOnly, auditorContext, emptyLog, ended, seal, verify } from "../../support/log-under-test";

const opened: postgres.Sql[] = [];

beforeEach(emptyLog);
afterEach(async () => {
  vi.useRealTimers();
  await Promise.all(opened.splice(0).map((client) => client.end({ timeout: 0 })));
});

/** Opens a writing transaction and leaves it open. Returns the process of the database that holds it. */
async function holdTransaction(url: string): Promise<number> {
  const client = postgres(url, { max: 1, onnotice: () => undefined });
  opened.push(client);
  await client`begin`.simple();
  const [row] = await client<{ pid: number }[]>`select pg_backend_pid() as pid, pg_current_xact_id()`;
  return row!.pid;
}

/** Appends events, as of the past by the clock of this process. */
async function appendSince(secondsAgo: number): Promise<void> {
  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() - secondsAgo * 1000 });
  await appendOnly(2);
  vi.useRealTimers();
}

const held = async () => (await readIntegrity(auditorContext(), {})).held;
const problems = async () => {
  const response = await GET(new Request("http://127.0.0.1/api/health"), { params: Promise.resolve({}) });
  return ((await response.json()) as { problems?: string[] }).problems ?? [];
};

it("names the owner's open transaction from ten seconds on, in page, health and verification", async () => {
  await seal();
  const pid = await holdTransaction(process.env.MIGRATION_DATABASE_URL!);
  await appendSince(30);
  expect(await held()).toMatchObject({ waiting: 2, transaction: { pid, startedAt: null } });
  expect((await held())!.seconds).toBeGreaterThanOrEqual(30);
  expect(await problems()).toContain("audit_sealing_held");
  const report = await verify();
  expect(report).toMatchObject({ verdict: "whole", counts: { sealing_held: 1 } });
  const hidden = new RegExp(
    `2 events wait .* process ${pid} of the database \\(role .+\\) .* for at least \\d+ seconds`,
  );
  expect(report.findings).toContainEqual({ code: "sealing_held", detail: expect.stringMatching(hidden) });
});

it("names the age of a transaction of the portal's own role", async () => {
  const pid = await holdTransaction(process.env.DATABASE_URL!);
  await appendSince(30);
  const startedAt = expect.any(Date) as Date;
  expect(await held()).toMatchObject({ transaction: { pid, role: expect.any(String) as string, startedAt } });
});

it("is no alarm before ten seconds, nor for events that wait for the sealer alone", async () => {
  await holdTransaction(process.env.MIGRATION_DATABASE_URL!);
  await appendOnly(2);
  expect(await held()).toBeNull();
  expect(await problems()).not.toContain("audit_sealing_held");
  await Promise.all(opened.splice(0).map((client) => client.end({ timeout: 0 })));
  await appendSince(30);
  await ended();
  expect(await held()).toBeNull();
  expect((await verify()).counts).not.toHaveProperty("sealing_held");
});
