import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { fromRoot, LaunchProblem, pinnedNode, projectRoot } from "./project.mjs";

const readJson = (file) => JSON.parse(readFileSync(file, "utf8"));

/** True if the packages of package-lock.json are installed. npm writes its own list after an installation. */
function isInstalled() {
  const list = fromRoot("node_modules/.package-lock.json");
  if (!existsSync(list)) return false;
  const installed = readJson(list).packages;
  const wanted = Object.entries(readJson(fromRoot("package-lock.json")).packages).filter(([name]) => name !== "");
  return wanted.every(
    ([name, entry]) => entry.optional || entry.devOptional || installed[name]?.version === entry.version,
  );
}

/** Returns the environment without node_modules in the path: npm must not run on the Node.js that it replaces. */
function hostEnvironment() {
  const own = fromRoot("node_modules");
  const folders = (process.env.PATH ?? "")
    .split(path.delimiter)
    .filter((folder) => !path.resolve(folder).startsWith(own));
  return { ...process.env, PATH: folders.join(path.delimiter) };
}

function npm(...args) {
  const cli = process.env.npm_execpath;
  const [program, first] = cli?.endsWith(".js")
    ? [process.env.npm_node_execpath ?? process.execPath, [cli]]
    : ["npm", []];
  const result = spawnSync(program, [...first, ...args], {
    cwd: projectRoot,
    env: hostEnvironment(),
    stdio: ["ignore", "inherit", "inherit"],
  });
  if (result.error?.code === "ENOENT") throw new LaunchProblem("npm was not found: install Node.js together with npm.");
  if (result.signal) process.exit(130);
  return result.status === 0;
}

/** True if the pinned Node.js is installed and runs on this host. */
function pinnedNodeWorks() {
  try {
    const version = execFileSync(pinnedNode, ["--version"], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
    return version.trim() === `v${readJson(fromRoot("node_modules/node/package.json")).version}`;
  } catch {
    return false;
  }
}

/** Installs the packages of package-lock.json if needed. Returns the path of the Node.js to use. */
export function ensureInstalled() {
  if (!isInstalled()) {
    console.log("  Installing packages (once; about a minute) ...");
    if (!npm("ci", "--no-progress", "--no-audit", "--no-fund", "--loglevel=error", "--include=dev"))
      throw new LaunchProblem("The packages could not be installed: npm says why above.");
  }
  // npm has done so already, unless its scripts are off.
  execFileSync(process.execPath, [fromRoot("scripts/launch/patch-packages.mjs")]);
  // An install script downloads the pinned Node.js; npm skips it if scripts are off (ignore-scripts, allow-scripts).
  if (pinnedNodeWorks() || (npm("rebuild", "node", "--ignore-scripts=false") && pinnedNodeWorks())) return pinnedNode;
  if (Number(process.versions.node.split(".")[0]) >= 24) return process.execPath;
  throw new LaunchProblem(
    "npm did not install the pinned Node.js 24 (are install scripts off?): " +
      "run `npm rebuild node`, or use Node.js 24 yourself.",
  );
}
