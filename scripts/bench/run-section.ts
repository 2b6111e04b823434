import { closeDatabase } from "@/lib/db/client";
import type { BenchRow } from "./bench-row";
import { startCommand } from "../start-command";

startCommand();

/** Runs one section in its own process and database, and prints its rows. A "!" marks a row that misses its bound. */
const ownerUrl = process.env.MIGRATION_DATABASE_URL!;

const sizeOf = (name: string, size: number) => Number(process.env[name] ?? size);

const run: Record<string, () => Promise<BenchRow[]>> = {
  signing: async () => (await import("./signing")).benchSigning(),
  lists: async () => (await import("./lists")).benchLists(ownerUrl, { small: 100_000, large: 1_000_000 }),
  routes: async () => (await import("./routes")).benchRoutes(),
  "sign-in": async () => (await import("./sign-in")).benchSignIn(),
  audit: async () => (await import("./audit")).benchAudit(),
  log: async () =>
    (await import("./audit-pages")).benchAuditPages(ownerUrl, {
      small: sizeOf("BENCH_FEW_EVENTS", 1_000_000),
      large: sizeOf("BENCH_EVENTS", 10_000_000),
    }),
  storage: async () => (await import("./storage")).benchStorage(),
  watch: async () => (await import("./watch-memory")).benchWatchMemory(),
  finding: async () =>
    (await import("./requests-finding")).benchFinding(ownerUrl, {
      recordings: sizeOf("BENCH_RECORDINGS", 10_000_000),
      events: sizeOf("BENCH_EVENTS", 50_000_000),
    }),
  requests: async () =>
    (await import("./requests-list")).benchDesk(ownerUrl, {
      small: 10_000,
      large: sizeOf("BENCH_REQUESTS", 1_000_000),
    }),
  package: async () => (await import("./request-package")).benchRequestPackage(),
  retention: async () => (await import("./retention")).benchRetention(ownerUrl),
};

try {
  print(await run[process.argv[2]!]!());
} finally {
  await closeDatabase();
}

function print(rows: BenchRow[]): void {
  const format = (value: number) => (value >= 100 ? value.toFixed(0) : value.toFixed(2));
  for (const { what, unit, ours, baseline, ratio, better, must, aim } of rows) {
    const sign = better === "smaller" ? "<=" : ">=";
    const isWithin = must === null || (better === "smaller" ? ratio <= must : ratio >= must);
    const bounds = [must === null ? "" : `must ${sign} ${must}`, aim === null ? "" : `aim ${sign} ${aim}`]
      .filter(Boolean)
      .join(", ");
    console.log(`  ${isWithin ? " " : "!"} ${what}`);
    console.log(`      ${format(ours)} / ${format(baseline)} ${unit} = ${ratio.toFixed(2)}   ${bounds}`);
  }
}
