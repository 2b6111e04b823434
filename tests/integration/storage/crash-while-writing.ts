import { spawn } from "node:child_process";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { loadTypescript } from "../../support/load-typescript";

/** Starts a process that writes objects to the store without end, and kills it the hard way while it does. */
export async function crashWhileWriting(childConfig: object, prefix: string, writingForMs: number): Promise<void> {
  const script = fileURLToPath(new URL("write-objects-forever.ts", import.meta.url));
  const child = spawn(process.execPath, ["--import", loadTypescript, script], { stdio: ["pipe", "pipe", "inherit"] });
  child.stdin.end(JSON.stringify({ config: childConfig, prefix }));
  await once(child.stdout, "data");
  await sleep(writingForMs);
  child.kill("SIGKILL");
  await once(child, "exit");
}
