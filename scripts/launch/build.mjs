import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fromRoot } from "./project.mjs";
import { next, runStep } from "./programs.mjs";

const NOT_BUILT = new Set([
  "node_modules",
  "tests",
  "docs",
  "findings",
  "scripts",
  "coverage",
  "test-results",
  "playwright-report",
  "next-env.d.ts",
]);
const stampFile = fromRoot(".next/source-hash");

function* sourceFiles(folder = fromRoot()) {
  const entries = readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  for (const entry of entries) {
    if (entry.name.startsWith(".") || NOT_BUILT.has(entry.name) || /\.(tsbuildinfo|md)$/.test(entry.name)) continue;
    const file = path.join(folder, entry.name);
    if (entry.isDirectory()) yield* sourceFiles(file);
    else yield file;
  }
}

/** Hashes the source of the build. A build is current while this hash stays the same. */
function sourceHash() {
  const hash = createHash("sha256").update(process.version);
  for (const file of sourceFiles()) {
    const content = readFileSync(file);
    hash.update(`${path.relative(fromRoot(), file)}\0${content.length}\0`).update(content);
  }
  return hash.digest("hex");
}

export const isBuildCurrent = () =>
  existsSync(fromRoot(".next/BUILD_ID")) && existsSync(stampFile) && readFileSync(stampFile, "utf8") === sourceHash();

/** Builds the portal for production into `.next`. */
export async function build(options) {
  const hash = sourceHash();
  await runStep("The build", next("build"), options);
  writeFileSync(stampFile, hash);
}
