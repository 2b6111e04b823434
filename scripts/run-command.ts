import { closeDatabase } from "@/lib/db/client";
import { log } from "@/lib/core/log";
import { explainFailure } from "./explain-failure";

export type CommandRun = {
  /** The subject of the error message: "The check". */
  subject: string;
  /** Turns off the log, which would be mixed with the output. */
  quiet?: boolean;
  /** The exit code of every error; default: 1, or 2 without environment or database. */
  failureCode?: number;
};

/** Runs the work of a command, which returns the exit code. Prints why it fails, and closes the database. */
export async function runCommand(
  { subject, quiet = false, failureCode }: CommandRun,
  work: () => Promise<number>,
): Promise<void> {
  if (quiet) log.level = "silent";
  try {
    process.exitCode = await work();
  } catch (error) {
    const { text, exitCode } = explainFailure(subject, error);
    console.error(text);
    process.exitCode = failureCode ?? exitCode;
  } finally {
    await closeDatabase();
  }
}
