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
type Wanted = { name: string; ino: number; dev: number; uid: number };

/** Looks for a process that has the file open for writing. Linux only; elsewhere all is unseen. */
export async function writerOf(file: string): Promise<Writer> {
  const found = await stat(onDisk(file)).catch(() => null);
  if (!found) return "closed";
  const name = `/${Buffer.from(onDisk(path.basename(file))).toString("latin1")}`;
  const wanted = { name, ino: found.ino, dev: found.dev, uid: found.uid };
  let isHidden = await hasUnseenProcesses(file);
  for (const process of await readdir("/proc").catch(() => [])) {
    if (!/^\d+$/.test(process)) continue;
    const descriptors = await readdir(`/proc/${process}/fd`).catch((error: NodeJS.ErrnoException) => error.code);
    if (typeof descriptors === "object") {
      if (await writes(process, descriptors, wanted)) return "open";
    } else if (!isHidden && descriptors === "EACCES") isHidden = await mayBelongTo(process, wanted.uid);
  }
  return isHidden ? "unseen" : "closed";
}

async function writes(process: string, descriptors: string[], wanted: Wanted): Promise<boolean> {
  for (const descriptor of descriptors) {
    // Compares the name first, which is fast; in a container the path of the same file may differ.
    if (!linkOf(`/proc/${process}/fd/${descriptor}`).endsWith(wanted.name)) continue;
    const open = await stat(`/proc/${process}/fd/${descriptor}`).catch(() => null);
    if (open?.ino === wanted.ino && open.dev === wanted.dev && (await mayWrite(process, descriptor))) return true;
  }
  return false;
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

/** True if a process runs as the file's owner: who makes a file owns it. */
async function mayBelongTo(process: string, uid: number): Promise<boolean> {
  const status = await readFile(`/proc/${process}/status`, "utf8").catch(() => "");
  const uids = /^Uid:\s*(.+)$/m.exec(status)?.[1]?.split(/\s+/) ?? [];
  // A kernel thread has no memory, and no file open.
  return uids.includes(String(uid)) && /^VmSize:/m.test(status);
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
