import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { createInterface } from "node:readline";
import { loadTypescript } from "./load-typescript";

const program = path.resolve(import.meta.dirname, "./portal-process.ts");

/** A portal process that can be killed, with the environment of the test, and its address. */
export async function startPortalProcess(): Promise<{
  portal: ChildProcess;
  origin: string;
  kill9: () => Promise<void>;
}> {
  const portal = spawn(process.execPath, ["--import", loadTypescript, program], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [origin] = (await once(createInterface({ input: portal.stdout }), "line")) as [string];
  const kill9 = async () => {
    if (portal.exitCode !== null || portal.signalCode !== null) return;
    portal.kill("SIGKILL");
    await once(portal, "exit");
  };
  return { portal, origin, kill9 };
}
