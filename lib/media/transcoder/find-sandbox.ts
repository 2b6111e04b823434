import { spawn } from "node:child_process";
import { constants } from "node:fs";
import { access, lstat, readlink, realpath } from "node:fs/promises";
import { isAbsolute, join } from "node:path";
import { env } from "@/lib/core/env";
import { log } from "@/lib/core/log";
import { processWide } from "@/lib/core/process-wide";
import { type Sandbox, versionCommand } from "@/lib/media/transcoder/sandbox-command";

/** A sandbox that was tried, with the version of ffmpeg in it and of the recipe; or why nothing is transcoded here. */
export type FoundSandbox =
  | { sandbox: Sandbox; version: string }
  | { sandbox: null; reason: "off" | "program_missing" | "confinement_refused" };

/** Counts how the portal has called ffmpeg: a copy that failed is tried again by another recipe, as by a version. */
const recipe = 2;

const programFolders = ["/usr/local/bin", "/usr/bin", "/bin", "/usr/sbin", "/sbin"];

const holder = processWide as { custodiaSandbox?: Promise<FoundSandbox> };

/** What this process may transcode with, tried once. */
export function transcodingSandbox(): Promise<FoundSandbox> {
  return (holder.custodiaSandbox ??= findSandbox(env().MEDIA_TRANSCODER));
}

/**
 * Looks for the programs and runs ffmpeg in the sandbox. Containers may forbid the namespaces that it is made of; then
 * there is no transcoding, because ffmpeg never runs outside one.
 * @param setting `off`, the name of a program in the system's folders, or an absolute path.
 */
export async function findSandbox(setting: string, folders = programFolders): Promise<FoundSandbox> {
  if (setting === "off") return { sandbox: null, reason: "off" };
  const find = (name: string) => findProgram(name, folders);
  const isRoot = process.getuid?.() === 0;
  const [ffmpeg, bwrap, prlimit, setpriv] = await Promise.all([
    find(setting),
    find("bwrap"),
    find("prlimit"),
    isRoot ? find("setpriv") : null,
  ]);
  if (!ffmpeg || !bwrap || !prlimit || (isRoot && !setpriv)) return { sandbox: null, reason: "program_missing" };
  const sandbox = { ffmpeg, bwrap, prlimit, setpriv, libraries: await listLibraries() };
  const version = await readVersion(sandbox);
  return version
    ? { sandbox, version: `${version}, recipe ${recipe}` }
    : { sandbox: null, reason: "confinement_refused" };
}

async function findProgram(name: string, folders: readonly string[]): Promise<string | null> {
  const candidates = isAbsolute(name) ? [name] : folders.map((folder) => join(folder, name));
  for (const candidate of candidates) {
    const isRunnable = await access(candidate, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (isRunnable) return realpath(candidate);
  }
  return null;
}

async function listLibraries(): Promise<Sandbox["libraries"]> {
  const found = await Promise.all(
    ["/lib", "/lib32", "/lib64"].map(async (path) => {
      const entry = await lstat(path).catch(() => null);
      if (!entry) return [];
      return [{ path, target: entry.isSymbolicLink() ? await readlink(path) : null }];
    }),
  );
  return found.flat();
}

async function readVersion(sandbox: Sandbox): Promise<string | null> {
  const [program, ...args] = versionCommand(sandbox);
  const child = spawn(program!, args, {
    stdio: ["ignore", "pipe", "pipe"],
    timeout: 30_000,
    killSignal: "SIGKILL",
    env: {} as NodeJS.ProcessEnv,
  });
  const text = { out: "", error: "" };
  child.stdout.on("data", (piece: Buffer) => (text.out = (text.out + piece.toString()).slice(0, 4096)));
  child.stderr.on("data", (piece: Buffer) => (text.error = (text.error + piece.toString()).slice(0, 500)));
  const code = await new Promise((resolve) => child.once("close", resolve).once("error", () => resolve(null)));
  const version = /^ffmpeg version (\S+)/.exec(text.out)?.[1];
  if (code === 0 && version && text.out.includes("--enable-libopus")) return version.slice(0, 40);
  log.warn({ code, message: text.error.trim() }, "ffmpeg cannot run confined here: no recording will be transcoded");
  return null;
}
