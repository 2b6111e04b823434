// What Ceph's folder holds before its servers start: keys, the monitor's data, the disk.
import { execFile } from "node:child_process";
import { randomBytes, randomUUID } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

/** Returns the ids and keys of the cluster. They are stored in its folder: its data cannot be read without them. */
export function loadOrCreateIdentity(folder) {
  const file = path.join(folder, "identity.json");
  if (existsSync(file)) return JSON.parse(readFileSync(file, "utf8"));
  const kmsKeys = Object.fromEntries(
    ["custodia-1", "custodia-2"].map((id) => [id, randomBytes(32).toString("base64")]),
  );
  const identity = {
    fsid: randomUUID(),
    accessKeyId: randomBytes(10).toString("hex"),
    secretAccessKey: randomBytes(20).toString("hex"),
    kmsKeys,
  };
  writeFileSync(file, JSON.stringify(identity), { mode: 0o600 });
  return identity;
}

/** Creates the folders that are missing, and deletes the logs of an earlier run. */
export function prepareFolder(folder) {
  for (const name of ["", "mon", "osd"]) mkdirSync(path.join(folder, name), { recursive: true, mode: 0o700 });
  for (const name of readdirSync(folder)) if (/\.(log|out)$/.test(name)) rmSync(path.join(folder, name));
}

/** Creates the keys of the servers and the monitor, or gives an existing monitor its current port. */
export async function makeMonitor(at, fsid, monitorPort) {
  const keyring = at("keyring");
  const monmap = at("monmap");
  if (!existsSync(keyring)) {
    const all = ["mon", "osd", "mgr"].flatMap((kind) => ["--cap", kind, "allow *"]);
    await run("ceph-authtool", ["-C", `${keyring}.new`]);
    for (const name of ["mon.", "client.admin", "client.rgw.a", "osd.0"])
      await run("ceph-authtool", [`${keyring}.new`, "-n", name, "--gen-key", ...all]);
    renameSync(`${keyring}.new`, keyring);
  }
  await run("monmaptool", [
    "--create",
    "--clobber",
    "--fsid",
    fsid,
    "--addv",
    "a",
    `[v2:127.0.0.1:${monitorPort}]`,
    monmap,
  ]);
  const fresh = !existsSync(at("ready"));
  if (fresh) rmSync(at("mon"), { recursive: true, force: true });
  await run("ceph-mon", [
    "-c",
    at("ceph.conf"),
    "-i",
    "a",
    ...(fresh ? ["--mkfs", "--keyring", keyring] : []),
    fresh ? "--monmap" : "--inject-monmap",
    monmap,
  ]);
}

/** Creates the only disk anew. */
export async function makeDisk(at) {
  rmSync(at("osd"), { recursive: true, force: true });
  mkdirSync(at("osd"), { mode: 0o700 });
  const id = randomUUID();
  await run("ceph", ["-c", at("ceph.conf"), "--connect-timeout", "60", "osd", "create", id]);
  await run("ceph-osd", ["-c", at("ceph.conf"), "-i", "0", "--mkfs", "--osd-uuid", id]);
}
