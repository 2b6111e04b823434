import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import path from "node:path";
import { waitUntil } from "../../support/wait-until";

/** Starts a PulseAudio of its own whose only device plays nothing. */
export async function startSoundServer(folder: string): Promise<{ address: string; stop: () => Promise<void> }> {
  const socket = path.join(folder, "pulse.sock");
  const modules = ["module-null-sink", `module-native-protocol-unix socket=${socket} auth-anonymous=1`];
  const child = spawn("pulseaudio", ["-n", "--exit-idle-time=-1", ...modules.flatMap((module) => ["-L", module])], {
    env: { ...process.env, HOME: folder, XDG_RUNTIME_DIR: folder },
    stdio: "ignore",
  });
  const ended = once(child, "exit");
  await waitUntil("PulseAudio listens", () => existsSync(socket) || child.exitCode !== null);
  return {
    address: `unix:${socket}`,
    stop: async () => {
      child.kill();
      await ended;
    },
  };
}
