import { spawn } from "node:child_process";
import { loadTypescript } from "./load-typescript";

export type Ended = { code: number; stdout: string; stderr: string };

function ended(
  program: string,
  args: string[],
  env: Record<string, string | undefined>,
  onOutput: (seen: string, write: (text: string) => void) => void = () => undefined,
): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { env: env as NodeJS.ProcessEnv, stdio: ["pipe", "pipe", "pipe"] });
    let [stdout, stderr] = ["", ""];
    child.stdout.on("data", (text: Buffer) => {
      stdout += text.toString();
      onOutput(stdout, (answer) => child.stdin.write(answer));
    });
    child.stderr.on("data", (text: Buffer) => (stderr += text.toString()));
    child.once("error", reject);
    child.once("close", (code) => resolve({ code: code ?? -1, stdout, stderr }));
  });
}

/** Runs a command of the project without a terminal. */
export const runCommand = (
  script: string,
  args: string[],
  changes: Record<string, string | undefined> = {},
): Promise<Ended> =>
  ended(process.execPath, ["--import", loadTypescript, script, ...args], { ...process.env, ...changes });

/**
 * Runs it at a terminal (a pseudo terminal of `script`, which Linux and macOS have), and types `answer` when `question`
 * appears. `stdout` has output and errors as a person would see them.
 */
export function runAtTerminal(
  script: string,
  args: string[],
  {
    question,
    answer,
    changes = {},
  }: { question: string; answer: string; changes?: Record<string, string | undefined> },
): Promise<Ended> {
  const command = [process.execPath, "--import", loadTypescript, script, ...args];
  const quoted = command.map((word) => `'${word}'`).join(" ");
  const terminal = process.platform === "darwin" ? ["-q", "/dev/null", ...command] : ["-qec", quoted, "/dev/null"];
  let isAnswered = false;
  return ended("script", terminal, { ...process.env, ...changes, TERM: "dumb" }, (seen, write) => {
    if (isAnswered || !seen.includes(question)) return;
    isAnswered = true;
    write(`${answer}\n`);
  });
}
