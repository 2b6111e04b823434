import { execFileSync } from "node:child_process";
import { chownSync, existsSync, readFileSync, statSync } from "node:fs";
import path from "node:path";

const READ_SEARCH = ["dac_read_search", 2n];
const OVERRIDE = ["dac_override", 1n];

const isRoot = () => process.getuid?.() === 0;
const setpriv = () => ["/usr/bin/setpriv", "/bin/setpriv"].find((file) => existsSync(file));

function findAccount(name) {
  try {
    const id = (flag) =>
      Number(execFileSync("id", [flag, name], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }));
    return { uid: id("-u"), gid: id("-g") };
  } catch {
    return undefined;
  }
}

/**
 * Chooses the account that PostgreSQL runs under, because it refuses to run as root: undefined (ours) unless we are
 * root; else the owner of the existing data, or `postgres`, or `nobody`.
 */
function chooseAccount(dataDir) {
  if (!isRoot()) return undefined;
  const owner = existsSync(dataDir) ? statSync(dataDir) : undefined;
  if (owner && owner.uid !== 0) return { uid: owner.uid, gid: owner.gid };
  const account = findAccount("postgres") ?? findAccount("nobody");
  if (!account)
    throw new Error("PostgreSQL does not run as root, and this host has no account 'postgres' or 'nobody'.");
  return account;
}

/** True if other accounts can enter all folders above `target`. Usually false below /root. */
function isReachable(target) {
  for (let folder = path.resolve(target); ; folder = path.dirname(folder)) {
    if (existsSync(folder) && statSync(folder).isDirectory() && (statSync(folder).mode & 0o001) === 0) return false;
    if (folder === path.dirname(folder)) return true;
  }
}

function searchCapability() {
  const status = readFileSync("/proc/self/status", "utf8");
  const effective = BigInt(`0x${/^CapEff:\s*([0-9a-f]+)/m.exec(status)?.[1] ?? "0"}`);
  return [READ_SEARCH, OVERRIDE].find(([, bit]) => effective & (1n << bit))?.[0];
}

function privilegeArguments({ uid, gid }, needsSearch) {
  const account = [`--reuid=${uid}`, `--regid=${gid}`, "--clear-groups"];
  if (!needsSearch) return account;
  const capability = searchCapability();
  if (!capability)
    throw new Error(
      "PostgreSQL does not run as root, and its account cannot enter this folder: " +
        "move the project, or run as an ordinary user.",
    );
  // Without no_setuid_fixup, access(2) ignores the capabilities of an ordinary account. initdb calls access(2).
  return [...account, `--inh-caps=+${capability}`, `--ambient-caps=+${capability}`, "--securebits=+no_setuid_fixup"];
}

/**
 * Runs PostgreSQL's programs under a suitable account: `wrap(program, arguments)` returns what to spawn, `own(file)`
 * makes the account the owner of a file. If only root can enter a folder above them, the programs get the capability
 * to do so. On Linux the server ends when its parent process dies.
 */
export function postgresAccount(dataDir, programDir) {
  const account = chooseAccount(dataDir);
  const own = (file) => account && chownSync(file, account.uid, account.gid);
  const launcher = process.platform === "linux" ? setpriv() : undefined;
  const needsSearch = Boolean(account) && !(isReachable(path.dirname(dataDir)) && isReachable(programDir));
  if (!launcher) {
    if (needsSearch)
      throw new Error("PostgreSQL's account cannot enter this folder: move the project, or run as an ordinary user.");
    return { own, wrap: (program, args) => ({ program, args, options: account ?? {} }) };
  }
  const privileges = account ? privilegeArguments(account, needsSearch) : [];
  return {
    own,
    wrap: (program, args) => ({
      program: launcher,
      args: [...privileges, "--pdeathsig=INT", program, ...args],
      options: {},
    }),
  };
}
