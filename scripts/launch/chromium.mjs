import { execFileSync, spawnSync } from "node:child_process";
import { accessSync, constants, existsSync } from "node:fs";
import path from "node:path";

/** Chromium without a window: the same pages and sounds for less processor time. */
const SHELL = "chromium-headless-shell";
const BROWSERS = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

function inPath(names) {
  const folders = (process.env.PATH ?? "").split(path.delimiter);
  for (const name of names) {
    for (const folder of folders) {
      const file = path.join(folder, name);
      try {
        accessSync(file, constants.X_OK);
        execFileSync(file, ["--version"], { stdio: "ignore", timeout: 30_000 });
        return file;
      } catch {
        // Missing, or a stub that only asks to install it.
      }
    }
  }
  return undefined;
}

function run(program, args) {
  return (
    spawnSync(program, args, {
      stdio: ["ignore", "ignore", "inherit"],
      env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" },
    }).status === 0
  );
}

const isDebianRoot = () => process.getuid?.() === 0 && existsSync("/usr/bin/apt-get");

function installFromDebian(name) {
  if (!isDebianRoot()) return undefined;
  console.log(`  Installing ${name} from Debian's packages (once) ...`);
  const isInstalled =
    run("apt-get", ["update", "-qq"]) && run("apt-get", ["install", "-y", "-qq", "--no-install-recommends", name]);
  return isInstalled ? inPath([name]) : undefined;
}

function installFromPlaywright(own) {
  console.log("  Installing Playwright's Chromium (once) ...");
  run(process.execPath, ["node_modules/@playwright/test/cli.js", "install", "chromium"]);
  return existsSync(own) ? own : undefined;
}

/** Finds Chromium or Chrome, or installs it: Debian's on Debian as root, otherwise Playwright's. Returns its path. */
export async function findChromium() {
  const shell = inPath([SHELL]);
  if (shell) return shell;
  const { chromium } = await import("@playwright/test");
  const own = chromium.executablePath();
  const present = inPath(BROWSERS) ?? (existsSync(own) ? own : undefined);
  const isShellOffered = isDebianRoot() && spawnSync("apt-cache", ["show", SHELL], { stdio: "ignore" }).status === 0;
  if (present && !isShellOffered) return present;
  return installFromDebian(SHELL) ?? present ?? installFromDebian(BROWSERS[0]) ?? installFromPlaywright(own);
}
