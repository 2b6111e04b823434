import { spawn, type ChildProcess } from "node:child_process";
import type { Writable } from "node:stream";

/** Why a confined program was ended, or how it ended. */
export type ConfinedEnd = "done" | "program_failed" | "time_limit" | "output_limit" | "aborted";

export type ConfinedRun = { end: ConfinedEnd; outputBytes: number; progress: string };

type RunOptions = {
  input: AsyncIterable<Uint8Array>;
  /** Receives what the program writes; the program waits for it. */
  onOutput?: (piece: Buffer) => Promise<void> | void;
  outputBytes: number;
  wallMs: number;
  signal: AbortSignal;
};

const progressCharacters = 4096;

/** The program's environment: no setting and no secret of the portal. */
const nothing = {} as NodeJS.ProcessEnv;

/**
 * Runs a program with input and output by pipe. Ends it when its time or its output is over; its messages are dropped,
 * because they may quote the file.
 * @throws what `input` or `onOutput` throws.
 */
export async function runConfined(command: readonly string[], options: RunOptions): Promise<ConfinedRun> {
  const run: ConfinedRun = { end: "done", outputBytes: 0, progress: "" };
  const child: ChildProcess = spawn(command[0]!, command.slice(1), {
    stdio: ["pipe", "pipe", "ignore", "pipe"],
    env: nothing,
    // A group of its own, so that a child that bubblewrap has only just begun ends with it.
    detached: true,
  });
  const closed = new Promise<number | null>((resolve) =>
    child.once("close", (code) => resolve(code)).once("error", () => resolve(null)),
  );
  const stop = (end: ConfinedEnd) => {
    if (run.end === "done") run.end = end;
    killGroup(child);
  };
  const clock = setTimeout(() => stop("time_limit"), options.wallMs);
  const abort = () => stop("aborted");
  options.signal.addEventListener("abort", abort);
  if (options.signal.aborted) abort();
  try {
    const failures = await Promise.allSettled([
      sendInput(child, options.input).catch((error: unknown) => {
        stop("aborted");
        throw error;
      }),
      readOutput(child, run, options, () => stop("output_limit")).catch((error: unknown) => {
        stop("aborted");
        throw error;
      }),
      readProgress(child, run),
    ]);
    const code = await closed;
    const failure = failures.find(({ status }) => status === "rejected");
    if (failure?.status === "rejected") throw failure.reason;
    return code === 0 || run.end !== "done" ? run : { ...run, end: "program_failed" };
  } finally {
    clearTimeout(clock);
    options.signal.removeEventListener("abort", abort);
  }
}

/**
 * Ends a program and what it started. bubblewrap that is killed while it starts leaves a child behind, which waits for
 * it for ever and keeps the pipes open (0.8.0: seen once in 300 starts).
 */
function killGroup({ pid }: ChildProcess): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, "SIGKILL");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}

/** A program may close its input before the end: it has read enough, or was ended. */
async function sendInput(child: ChildProcess, input: AsyncIterable<Uint8Array>): Promise<void> {
  const stdin = child.stdin as Writable;
  stdin.on("error", () => undefined);
  for await (const piece of input) {
    if (stdin.destroyed) return;
    if (!stdin.write(piece)) await drained(stdin);
  }
  stdin.end();
}

/** Resolves when the stream accepts more, or closes. */
function drained(stdin: Writable): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      stdin.off("drain", done).off("close", done);
      resolve();
    };
    stdin.on("drain", done).on("close", done);
    if (stdin.destroyed) done();
  });
}

async function readOutput(
  child: ChildProcess,
  run: ConfinedRun,
  { onOutput, outputBytes }: RunOptions,
  stop: () => void,
): Promise<void> {
  for await (const piece of child.stdout as AsyncIterable<Buffer>) {
    run.outputBytes += piece.length;
    if (run.outputBytes > outputBytes) return stop();
    await onOutput?.(piece);
  }
}

/** Keeps the end of the text: the last report is the one that counts. */
async function readProgress(child: ChildProcess, run: ConfinedRun): Promise<void> {
  for await (const piece of child.stdio[3] as AsyncIterable<Buffer>)
    run.progress = (run.progress + piece.toString("latin1")).slice(-progressCharacters);
}
