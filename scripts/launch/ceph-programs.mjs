import { spawnSync } from "node:child_process";
import { accessSync, constants } from "node:fs";
import path from "node:path";

const PROGRAMS = ["ceph-mon", "ceph-osd", "radosgw", "radosgw-admin", "ceph", "ceph-authtool", "monmaptool", "setpriv"];
/** Only the tests need openssl, to create a certificate. */
const PACKAGES = ["ceph-mon", "ceph-osd", "radosgw", "ceph-common", "openssl"];

function isInPath(program) {
  return (process.env.PATH ?? "").split(path.delimiter).some((folder) => {
    try {
      accessSync(path.join(folder, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

const missingPrograms = () => PROGRAMS.filter((program) => !isInPath(program));

function aptGet(...args) {
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  return spawnSync("apt-get", args, { stdio: ["ignore", "ignore", "inherit"], env }).status === 0;
}

function installFromDebian() {
  if (process.getuid?.() !== 0 || !isInPath("apt-get")) return;
  console.log("  Installing Ceph, the S3 server, from Debian's packages (once; about a minute) ...");
  if (aptGet("update", "-qq")) aptGet("install", "-y", "-qq", "--no-install-recommends", ...PACKAGES);
}

/** Installs missing programs of Ceph (as root, on Debian). Returns why Ceph cannot run, or undefined. */
export function cephProblem() {
  if (process.platform !== "linux") return "Ceph runs on Linux only";
  if (missingPrograms().length > 0) installFromDebian();
  const missing = missingPrograms();
  if (missing.length === 0) return undefined;
  const command = `apt-get install --no-install-recommends ${PACKAGES.join(" ")}`;
  return `Ceph's programs are missing (${missing.join(", ")}). On Debian: ${command}`;
}
