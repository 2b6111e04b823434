import { readlinkSync } from "node:fs";
import { readdir, readFile, stat, statfs } from "node:fs/promises";
import path from "node:path";
import { onDisk } from "@/scripts/recordings/file-paths";

/**
 * Whether a process has a file open for writing. `unseen`: nobody whom we can see, but a process that we cannot look
 * into may. That is one of the file's owner under another user's guard (Asterisk changes its user, so its files are
 * hidden from that same user), one outside our container, or one on the machine behind a network drive.
 */
export type Writer = "open" | "closed" | "unseen";

/** `name`: as bytes, each one a character. */
type Wanted = { file: string; name: string; ino: number; dev: number; uid: number };
type Asked = { file: string; resolve: (writer: Writer) => void; reject: (error: unknown) => void };

const asked: Asked[] = [];
let isWalking = false;

/**
 * Looks for a process that has the file open for writing. Linux only; elsewhere all is unseen. A walk through all
 * processes takes long, so files that are asked about during one share the next.
 */
export function writerOf(file: string): Promise<Writer> {
  return new Promise((resolve, reject) => {
    asked.push({ file, resolve, reject });
    if (!isWalking) void walkForAll();
  });
}

async function walkForAll(): Promise<void> {
  isWalking = true;
  while (asked.length > 0) {
    const these = asked.splice(0);
    try {
      const writers = await writersOf(these.map(({ file }) => file));
      for (const { file, resolve } of these) resolve(writers.get(file)!);
    } catch (error) {
      for (const { reject } of these) reject(error);
    }
  }
  isWalking = false;
}

async function writersOf(files: readonly string[]): Promise<Map<string, Writer>> {
  const writers = new Map<string, Writer>(files.map((file) => [file, "closed"]));
  const wanted = await Promise.all([...writers.keys()].map(wantedOf));
  const known = wanted.filter((one) => one !== null);
  for (const { file } of known) if (await hasUnseenProcesses(file)) writers.set(file, "unseen");
  const byName = Map.groupBy(known, ({ name }) => name);
  for (const process of await readdir("/proc").catch(() => [])) {
    if (!/^\d+$/.test(process)) continue;
    const descriptors = await readdir(`/proc/${process}/fd`).catch((error: NodeJS.ErrnoException) => error.code);
    if (typeof descriptors === "object")
      for (const { file } of await written(process, descriptors, byName)) writers.set(file, "open");
    else if (descriptors === "EACCES") {
      const owners = await ownersOf(process);
      for (const { file, uid } of known)
        if (owners.includes(String(uid)) && writers.get(file) === "closed") writers.set(file, "unseen");
    }
  }
  return writers;
}

async function wantedOf(file: string): Promise<Wanted | null> {
  const found = await stat(onDisk(file)).catch(() => null);
  const name = Buffer.from(onDisk(path.basename(file))).toString("latin1");
  return found && { file, name, ino: found.ino, dev: found.dev, uid: found.uid };
}

/** The files that a process may write to. */
async function written(process: string, descriptors: string[], byName: Map<string, Wanted[]>): Promise<Wanted[]> {
  const found: Wanted[] = [];
  for (const descriptor of descriptors) {
    // Compares the name first, which is fast; in a container the path of the same file may differ.
    const link = linkOf(`/proc/${process}/fd/${descriptor}`);
    const wanted = byName.get(link.slice(link.lastIndexOf("/") + 1));
    if (!wanted) continue;
    const open = await stat(`/proc/${process}/fd/${descriptor}`).catch(() => null);
    const same = wanted.filter(({ ino, dev }) => open?.ino === ino && open.dev === dev);
    if (same.length > 0 && (await mayWrite(process, descriptor))) found.push(...same);
  }
  return found;
}

/** Synchronous, because a promise for each of thousands of links takes much longer. */
function linkOf(descriptor: string): string {
  try {
    return readlinkSync(descriptor, "latin1");
  } catch {
    // The descriptor was closed meanwhile.
    return "";
  }
}

/** Reads the access mode from the last two bits of the octal flags: 1 is write, 2 is read and write. */
async function mayWrite(process: string, descriptor: string): Promise<boolean> {
  const facts = await readFile(`/proc/${process}/fdinfo/${descriptor}`, "utf8").catch(() => "");
  const flags = /^flags:\s*([0-7]+)$/m.exec(facts)?.[1];
  return flags !== undefined && (Number.parseInt(flags, 8) & 3) !== 0;
}

/** The users as whom a process runs. One of them may be its files' owner: who makes a file owns it. */
async function ownersOf(process: string): Promise<string[]> {
  const status = await readFile(`/proc/${process}/status`, "utf8").catch(() => "");
  // A kernel thread has no memory, and no file open.
  if (!/^VmSize:/m.test(status)) return [];
  return /^Uid:\s*(.+)$/m.exec(status)?.[1]?.split(/\s+/) ?? [];
}

/** The number that Linux gives to its first PID namespace (PROC_PID_INIT_INO). */
const firstNamespace = "pid:[4026531836]";
/** statfs(2): NFS, CIFS, SMB2, FUSE (sshfs), 9p (a folder of the machine around ours), Ceph. */
const networkDrives = new Set([0x6969, 0xff534d42, 0xfe534d42, 0x65735546, 0x01021997, 0x00c36400]);

/** True if processes may exist that /proc does not list: outside our container, on another machine, or hidden. */
async function hasUnseenProcesses(file: string): Promise<boolean> {
  if (process.platform !== "linux" || namespace() !== firstNamespace) return true;
  const drive = await statfs(onDisk(file)).catch(() => null);
  if (!drive || networkDrives.has(drive.type)) return true;
  // With the mount option `hidepid` others see not even the first process.
  return stat("/proc/1").then(
    () => false,
    () => true,
  );
}

function namespace(): string {
  try {
    return readlinkSync("/proc/self/ns/pid");
  } catch {
    return "";
  }
}
