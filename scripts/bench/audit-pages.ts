import postgres from "postgres";
import { listAuditEvents } from "@/lib/audit/list-audit-events";
import { newId } from "@/lib/core/new-id";
import type { OperationContext } from "@/lib/operation/operation";
import { medianMs, type BenchRow } from "./bench-row";
import { benchPerson, fillEvents } from "./requests-fill";

const auditor: OperationContext = {
  actor: { type: "user", userId: newId(), role: "auditor", unitIds: [], sessionId: newId(), hasFreshProof: true },
  requestId: newId(),
  ipAddress: null,
};

/** What the page of the log is opened with, by the words of the printed row. */
const pages = {
  "first page of the log": {},
  "of one person": { actor: benchPerson() },
  "of several kinds": { action: "recording.played,user.created" },
  "of what was denied": { outcome: "denied" },
} as const;

/** Measures pages of the log, among few and among many events. */
export async function benchAuditPages(ownerUrl: string, sizes: { small: number; large: number }): Promise<BenchRow[]> {
  const sql = postgres(ownerUrl, { max: 2, onnotice: () => undefined });
  try {
    const measured: number[][] = [];
    for (const size of [sizes.small, sizes.large]) {
      await fillEvents(sql, size);
      const ms: number[] = [];
      for (const filters of Object.values(pages)) ms.push(await msOf(filters));
      measured.push(ms);
    }
    const [few, many] = [measured[0]!, measured[1]!];
    const grown = `${sizes.large.toLocaleString("en")} events / ${sizes.small.toLocaleString("en")} events`;
    return Object.keys(pages).map((what, index) => ({
      ...{ what: `${what}, ${grown}`, unit: "ms", ours: many[index]!, baseline: few[index]! },
      ...{ ratio: many[index]! / few[index]!, better: "smaller", must: 1.25, aim: 1.1 },
    }));
  } finally {
    await sql.end();
  }
}

async function msOf(filters: (typeof pages)[keyof typeof pages]): Promise<number> {
  const page = () => listAuditEvents(auditor, { ...filters, limit: 50 });
  // Warm-up: the first calls are slower, because Node.js compiles them and PostgreSQL reads from the disk.
  for (let call = 0; call < 100; call += 1) await page();
  return medianMs(100, page);
}
