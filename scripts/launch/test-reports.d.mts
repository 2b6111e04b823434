/** What a stage adds to the closing lines. */
export interface Tally {
  passed: number;
  failed: number;
  skipped: number;
  flaky: string[];
  /** Suites that this host cannot run, each with the reason. */
  notTested: string[];
}

/** Counts Vitest's JSON report. A file that could not even be loaded is a failure. */
export function countVitest(file: string, exitCode: number): Tally;
