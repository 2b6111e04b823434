import { fileURLToPath } from "node:url";
import { beforeEach, describe, expect, it } from "vitest";
import { configuredPublicKeys } from "@/lib/audit/signing-keys";
import type { LogPart } from "@/lib/audit/verify/log-parts";
import { verifyJoinedPart } from "@/lib/audit/verify/part-verification";
import { verifyAuditLog, type VerificationReport } from "@/lib/audit/verify/verify-audit-log";
import { env } from "@/lib/core/env";
import { database } from "@/lib/db/client";
import { configuredStore } from "@/lib/storage/configured-store";
import { runCommand } from "../../support/run-command";
import { append, asAttacker, emptyLog, eventIds, seal } from "../../support/log-under-test";

const keys = () => ({ hmacKeys: env().AUDIT_HMAC_KEYS, publicKeys: configuredPublicKeys() });
const common = () => ({ db: database(), store: configuredStore(), ...keys() });

/** The report in one piece, and that in parts of at least one seal; with the parts. */
async function bothReports() {
  const parts: LogPart[] = [];
  const verify = (part: LogPart) => {
    parts.push(part);
    return verifyJoinedPart(database(), structuredClone(part), keys());
  };
  const inParts = await verifyAuditLog({ ...common(), elsewhere: { verify, most: 2, eventsEach: 1 } });
  const whole = await verifyAuditLog(common());
  return { parts, inParts: comparable(inParts), whole: comparable(whole) };
}

/** Without what differs from one verification to the next: duration, and the order of answers of the store. */
function comparable(report: VerificationReport) {
  return { ...report, durationMs: 0, findings: report.findings.map((finding) => JSON.stringify(finding)).sort() };
}

/** Seven seals: of 4, 4, 4, 4, 4, 4 and 1 events. */
beforeEach(async () => {
  await emptyLog();
  for (const events of [3, 4, 4, 4, 4, 4, 1]) {
    await append(events);
    await seal();
  }
});

describe("a log that is verified in parts", () => {
  it("has about as many events in each, and the same report as in one piece", async () => {
    await append(2);
    const { parts, inParts, whole } = await bothReports();
    expect(parts.map(({ range }) => range)).toEqual([
      { fromSequence: 1, toSequence: 2 },
      { fromSequence: 3, toSequence: 4 },
    ]);
    expect(inParts).toEqual(whole);
    expect(inParts).toMatchObject({ verdict: "whole", seals: 7, events: 25, unsealed: 2 });
  });

  it.each([
    ["an event was edited", "update audit_events set target_id = 'x' where id = $1"],
    ["an event was removed", "delete from audit_events where id = $1"],
  ])("has the same findings, whichever part it is in: %s", async (_, statement) => {
    const ids = await eventIds();
    for (const index of [1, 12, 24]) await asAttacker((sql) => sql.unsafe(statement, [ids[index]!]));
    const { inParts, whole } = await bothReports();
    expect(inParts).toEqual(whole);
    expect(inParts.verdict).toBe("broken");
    expect(inParts.findingCount).toBeGreaterThanOrEqual(3);
  });

  it("misses no number of a writer whose events are in several parts", async () => {
    const [id] = (await eventIds()).slice(12);
    await asAttacker(async (sql) => {
      await sql`delete from audit_events where id = ${id!}`;
      await sql`delete from audit_seals where sequence >= 4`;
      await sql`delete from audit_checkpoints where sequence >= 4`;
    });
    const { inParts, whole } = await bothReports();
    expect(inParts).toEqual(whole);
    expect(inParts.counts).toMatchObject({ event_deleted_before_seal: 1 });
  });

  it("finds what was written between two seals of different parts", async () => {
    await asAttacker(
      (sql) => sql`
      update audit_seals set transaction_from = (transaction_to::text::numeric - 1)::text::xid8 where sequence = 4`,
    );
    const { inParts, whole } = await bothReports();
    expect(inParts).toEqual(whole);
    expect(inParts.counts).toMatchObject({ event_inserted: 3 });
  });

  it("has the same report from the threads of the command", async () => {
    await asAttacker(async (sql) => sql`delete from audit_events where id = ${(await eventIds())[12]!}`);
    const program = fileURLToPath(new URL("./verify-in-threads.ts", import.meta.url));
    const { stdout, stderr } = await runCommand(program, []);
    expect(stderr).toBe("");
    const { whole } = await bothReports();
    expect(comparable(JSON.parse(stdout) as VerificationReport)).toEqual(JSON.parse(JSON.stringify(whole)));
  });

  it("of which one cannot be verified has no report, and ends the others", async () => {
    const signals: AbortSignal[] = [];
    const verify = (_: LogPart, signal: AbortSignal) => {
      if (signals.push(signal) === 1) return Promise.reject(new Error("no thread"));
      return new Promise<never>(() => undefined);
    };
    const elsewhere = { verify, most: 2, eventsEach: 1 };
    await expect(verifyAuditLog({ ...common(), elsewhere })).rejects.toThrow("no thread");
    expect(signals.map(({ aborted }) => aborted)).toEqual([true, true]);
  });
});
