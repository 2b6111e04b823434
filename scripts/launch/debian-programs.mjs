import { spawnSync } from "node:child_process";
import { accessSync, constants, globSync } from "node:fs";
import path from "node:path";

// Debian installs servers where only root's PATH leads.
const folders = () => [...(process.env.PATH ?? "").split(path.delimiter), "/usr/sbin"];

/** The path of an installed program, or undefined. */
export function pathOfProgram(program) {
  return folders()
    .map((folder) => path.join(folder, program))
    .find((file) => {
      try {
        accessSync(file, constants.X_OK);
        return true;
      } catch {
        return false;
      }
    });
}

const isInPath = (program) => pathOfProgram(program) !== undefined;

// Test files that run beside each other may miss the same programs: one installs, the others wait.
const aptLock = "/run/lock/custodia-apt";

function aptGet(...args) {
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  return (
    spawnSync("flock", [aptLock, "apt-get", ...args], { stdio: ["ignore", "ignore", "inherit"], env }).status === 0
  );
}

/**
 * Installs missing programs (as root, on Debian). Returns why one cannot run, or undefined.
 * @param files patterns of files that must exist, too: plugins have no program.
 */
export function programsProblem({ name, programs, files = [], packages, message }) {
  if (process.platform !== "linux") return `${name} runs on Linux only`;
  const missing = () => [
    ...programs.filter((program) => !isInPath(program)),
    ...files.filter((pattern) => globSync(pattern).length === 0),
  ];
  if (missing().length > 0 && process.getuid?.() === 0 && isInPath("apt-get")) {
    console.log(message);
    if (aptGet("update", "-qq")) aptGet("install", "-y", "-qq", "--no-install-recommends", ...packages);
  }
  const left = missing();
  if (left.length === 0) return undefined;
  const command = `apt-get install --no-install-recommends ${packages.join(" ")}`;
  return `${name}'s programs are missing (${left.join(", ")}). On Debian: ${command}`;
}
