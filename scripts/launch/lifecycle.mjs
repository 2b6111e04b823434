import { report } from "./project.mjs";

const SIGNALS = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 };
// One Ctrl-C may arrive several times: from the terminal, npm and the parent process.
const ECHO_MILLISECONDS = 1_000;
const GIVE_UP_MILLISECONDS = 45_000;

/** Thrown when the work is interrupted; not reported. */
export class Interrupted extends Error {
  name = "Interrupted";
}

/**
 * Runs `work({ signal, onEnd })`, then the functions that were passed to `onEnd`, in reverse order, and exits. They
 * also run when the work fails or is interrupted by Ctrl-C, a signal or the end of the parent process. A second Ctrl-C
 * exits at once.
 */
export async function withLifecycle(work) {
  const interruption = new AbortController();
  const endings = [];
  let interruptedAt;
  let exitCode = 0;

  const interrupt = (code) => {
    if (interruptedAt === undefined) {
      interruptedAt = Date.now();
      exitCode = code;
      console.log("\n  Ending ...");
      setTimeout(() => process.exit(exitCode), GIVE_UP_MILLISECONDS).unref();
      interruption.abort(new Interrupted());
    } else if (Date.now() - interruptedAt > ECHO_MILLISECONDS) {
      process.exit(code);
    }
  };
  for (const [signal, code] of Object.entries(SIGNALS)) process.on(signal, () => interrupt(code));
  process.on("disconnect", () => interrupt(SIGNALS.SIGHUP));
  for (const stream of [process.stdout, process.stderr]) stream.on("error", () => {});

  try {
    await work({ signal: interruption.signal, onEnd: (ending) => endings.push(ending) });
  } catch (error) {
    if (!(error instanceof Interrupted)) {
      report(error);
      exitCode ||= 1;
    }
  }
  for (const ending of endings.reverse()) await Promise.resolve().then(ending).catch(report);
  process.exit(exitCode || process.exitCode || 0);
}
