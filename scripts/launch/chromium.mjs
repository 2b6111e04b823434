import { execFileSync, spawnSync } from "node:child_process";
import { accessSync, constants, existsSync } from "node:fs";
import path from "node:path";

const NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

function inPath() {
  const folders = (process.env.PATH ?? "").split(path.delimiter);
  for (const name of NAMES) {
    for (const folder of folders) {
      const file = path.join(folder, name);
      try {
        accessSync(file, constants.X_OK);
        execFileSync(file, ["--version"], { stdio: "ignore", timeout: 30_000 });
        return file;
      } catch {
        // Not there, or a stub that only suggests an installation.
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

function installFromDebian() {
  if (process.getuid?.() !== 0 || !existsSync("/usr/bin/apt-get")) return false;
  console.log("  Installing Chromium from Debian's packages (once) ...");
  return (
    run("apt-get", ["update", "-qq"]) && run("apt-get", ["install", "-y", "-qq", "--no-install-recommends", "chromium"])
  );
}

/** Returns the path of Chromium or Chrome. Installs it if missing: from Debian (as root) or from Playwright. */
export async function findChromium() {
  const { chromium } = await import("@playwright/test");
  const own = chromium.executablePath();
  const present = inPath() ?? (existsSync(own) ? own : undefined);
  if (present) return present;
  if (installFromDebian()) return inPath();
  console.log("  Installing Playwright's Chromium (once) ...");
  run(process.execPath, ["node_modules/@playwright/test/cli.js", "install", "chromium"]);
  return existsSync(own) ? own : undefined;
}
