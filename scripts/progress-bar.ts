import { SingleBar } from "cli-progress";

/** A progress bar on standard error, so that standard output stays clean. `format` is that of cli-progress. */
export function progressBar(format: string, { clearOnComplete = false } = {}): SingleBar {
  return new SingleBar({ format, clearOnComplete, hideCursor: true, noTTYOutput: false, stream: process.stderr });
}
