/** The result of a stage. */
export interface Tally {
  passed: number;
  failed: number;
  skipped: number;
  flaky: string[];
  /** Suites that this host cannot run, each with the reason. */
  notTested: string[];
}

/** Counts Vitest's JSON report. A file that could not be loaded counts as a failure. */
export function countVitest(file: string, exitCode: number): Tally;
