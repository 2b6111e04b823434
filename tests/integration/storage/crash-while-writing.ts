import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { loadTypescript } from "../../support/load-typescript";

/** Starts a process that writes objects to the store without end, and kills it after it has written some. */
export async function crashWhileWriting(childConfig: object, prefix: string, objects: number): Promise<void> {
  const script = fileURLToPath(new URL("write-objects-forever.ts", import.meta.url));
  const child = spawn(process.execPath, ["--import", loadTypescript, script], { stdio: ["pipe", "pipe", "inherit"] });
  child.stdin.end(JSON.stringify({ config: childConfig, prefix }));
  let left = objects;
  for await (const _ of createInterface({ input: child.stdout })) if ((left -= 1) === 0) break;
  child.kill("SIGKILL");
  await once(child, "exit");
}
