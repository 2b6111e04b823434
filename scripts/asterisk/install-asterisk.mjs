import { execFileSync, spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { programsProblem } from "../launch/debian-programs.mjs";
import { dataFolder, LaunchProblem } from "../launch/project.mjs";

const root = path.join(dataFolder, "asterisk");

/** Runs a program to its end. @throws LaunchProblem with the end of its output. */
function run(name, program, args) {
  const env = {
    ...process.env,
    DEBIAN_FRONTEND: "noninteractive",
    LC_ALL: "C",
    PATH: `${process.env.PATH}:/usr/sbin:/sbin`,
  };
  const { status, stdout, stderr, error } = spawnSync(program, args, { env, encoding: "utf8", maxBuffer: 2 ** 28 });
  if (status === 0) return;
  const output = `${stdout ?? ""}${stderr ?? ""}`.trim().split("\n").slice(-8).join("\n");
  throw new LaunchProblem(`${name} failed (${error?.message ?? status}):\n${output}`);
}

/**
 * Installs Asterisk of Debian sid, which Debian 12 does not have, in a folder of its own: a small Debian, nothing of
 * which runs on this host but Asterisk. Once. Returns the folder and the version.
 */
export function installAsterisk() {
  if (!existsSync(path.join(root, "usr/sbin/asterisk"))) makeRoot();
  const version = execFileSync("chroot", [root, "dpkg-query", "-W", "-f", "${Version}", "asterisk"], {
    encoding: "utf8",
  });
  return { root, version };
}

function makeRoot() {
  if (process.getuid?.() !== 0) throw new LaunchProblem("Asterisk is installed in a folder of its own by root only.");
  const problem = programsProblem({
    name: "The installation of Asterisk",
    programs: ["debootstrap", "chroot"],
    packages: ["debootstrap"],
    message: "  Installing debootstrap from Debian's packages (once) ...",
  });
  if (problem) throw new LaunchProblem(problem);
  const unfinished = `${root}.unfinished`;
  rmSync(unfinished, { recursive: true, force: true });
  mkdirSync(unfinished, { recursive: true });
  // Other accounts pass through: Asterisk's files are no secret.
  chmodSync(unfinished, 0o755);
  console.log("  Installing Asterisk of Debian sid in .data/asterisk (once; some minutes, 600 MB) ...");
  run("debootstrap", "debootstrap", ["--variant=minbase", "sid", unfinished]);
  // No package starts a service in there.
  writeFileSync(path.join(unfinished, "usr/sbin/policy-rc.d"), "#!/bin/sh\nexit 101\n", { mode: 0o755 });
  run("apt-get", "chroot", [unfinished, "apt-get", "install", "-y", "-qq", "--no-install-recommends", "asterisk"]);
  renameSync(unfinished, root);
}
