import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import path from "node:path";
import { waitUntil } from "../../support/wait-until";

/** What a device played: 16-bit samples of one channel, the first at this time. */
export type DeviceSound = { samples: Int16Array; rate: number; startedAtMs: number };

/** `stop` returns what was played since the recording began, up to half a second from then on. */
export type SoundRecorder = { stop: () => Promise<DeviceSound> };

export type SoundServer = { address: string; record: () => Promise<SoundRecorder>; stop: () => Promise<void> };

const rate = 16_000;

/** Starts a PulseAudio of its own with one device, whose sound nobody hears, but which keeps time. */
export async function startSoundServer(folder: string): Promise<SoundServer> {
  const socket = path.join(folder, "pulse.sock");
  const modules = [
    "module-null-sink sink_name=speaker",
    `module-native-protocol-unix socket=${socket} auth-anonymous=1`,
  ];
  const own = { ...process.env, HOME: folder, XDG_RUNTIME_DIR: folder };
  const child = spawn("pulseaudio", ["-n", "--exit-idle-time=-1", ...modules.flatMap((module) => ["-L", module])], {
    env: own,
    stdio: "ignore",
  });
  const ended = once(child, "exit");
  await waitUntil("PulseAudio listens", () => existsSync(socket) || child.exitCode !== null);
  const address = `unix:${socket}`;
  return {
    address,
    record: () => record({ ...own, PULSE_SERVER: address }),
    stop: async () => {
      child.kill();
      await ended;
    },
  };
}

/** Resolves once the first samples are there. */
async function record(env: NodeJS.ProcessEnv): Promise<SoundRecorder> {
  const format = ["--raw", "--format=s16le", `--rate=${rate}`, "--channels=1", "--latency-msec=20"];
  const child = spawn("parec", [...format, "--device=speaker.monitor"], { env, stdio: ["ignore", "pipe", "ignore"] });
  const pieces: Buffer[] = [];
  let [bytes, startedAtMs] = [0, Infinity];
  child.stdout.on("data", (piece: Buffer) => {
    bytes += piece.length;
    pieces.push(piece);
    // Pieces may come late, and never early: the earliest start is the right one.
    startedAtMs = Math.min(startedAtMs, Date.now() - (bytes / 2 / rate) * 1000);
  });
  const ended = once(child, "close");
  await waitUntil("the device is recorded", () => bytes > 0 || child.exitCode !== null);
  return {
    stop: async () => {
      const untilMs = Date.now() + 500;
      const recordedUntilMs = () => startedAtMs + (bytes / 2 / rate) * 1000;
      await waitUntil("the end is recorded", () => recordedUntilMs() > untilMs || child.exitCode !== null);
      child.kill();
      await ended;
      const whole = Buffer.concat(pieces, bytes - (bytes % 2));
      return { samples: new Int16Array(new Uint8Array(whole).buffer), rate, startedAtMs };
    },
  };
}
