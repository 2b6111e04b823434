// The part of `npm run bench` that runs under the pinned Node.js, with the packages installed.
import { randomBytes } from "node:crypto";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { startBareNext } from "./bare-next.mjs";
import { build, isBuildCurrent } from "./build.mjs";
import { makeLockableBucket } from "./ceph-bucket.mjs";
import { cephProblem } from "./ceph-programs.mjs";
import { startCeph } from "./ceph.mjs";
import { cephEnvironment } from "./demo-store.mjs";
import { startPostgres } from "./embedded-postgres.mjs";
import { withLifecycle } from "./lifecycle.mjs";
import { portalEnvironment } from "./portal-environment.mjs";
import { runStep, projectScript } from "./programs.mjs";
import { LaunchProblem } from "./project.mjs";
import { generateSecrets } from "./secrets.mjs";
import { startTemporaryPortal } from "./temporary-portal.mjs";

const sections = [
  "signing",
  "lists",
  "routes",
  "sign-in",
  "audit",
  "log",
  "retention",
  "watch",
  "finding",
  "requests",
  "package",
  "storage",
];

/** Sections that run whenever the key does. */
const implied = { storage: ["signing"], requests: ["finding", "package"] };

/** Creates a migrated database. Returns the environment of a portal on it, without starting the portal. */
async function environmentOf(section, folder, database, signal, secrets = generateSecrets()) {
  await database.createDatabase(section);
  const env = portalEnvironment({
    database,
    name: section,
    folder,
    secrets,
    url: "http://127.0.0.1:3000",
  });
  await runStep("The migration", projectScript("scripts/migrate.ts"), {
    env,
    log: path.join(folder, "migrate.log"),
    signal,
  });
  return env;
}

/** Starts a production portal and returns its environment. */
async function servedEnvironment(folder, context, store) {
  if (!isBuildCurrent()) {
    console.log("  Building the portal first ...");
    await build({
      env: { ...process.env, NODE_ENV: "production", NEXT_TELEMETRY_DISABLED: "1" },
      log: path.join(folder, "build.log"),
      signal: context.signal,
    });
  }
  const env = await startTemporaryPortal(folder, { env: process.env, store, ...context });
  return { ...env, API_KEY_FILE: path.join(folder, "api-key.txt") };
}

/** A portal, and beside it Next.js without the portal's code, which answers the same bytes as its trivial route. */
async function routesEnvironment(folder, context) {
  const env = await servedEnvironment(folder, context);
  const body = await (await fetch(`${env.PORTAL_URL}/api/openapi.json`)).text();
  return { ...env, BARE_NEXT_URL: await startBareNext(folder, { body, ...context }) };
}

/** Starts a portal on its own Ceph. Returns undefined, and prints why, where Ceph cannot run. */
async function environmentOnCeph(folder, context) {
  const problem = cephProblem();
  if (problem) return void console.log(`  Not measured: ${problem}`);
  const ceph = await startCeph({ folder: path.join(folder, "ceph"), persistent: true });
  context.onEnd(ceph.stop);
  await makeLockableBucket(ceph, "bench");
  return servedEnvironment(folder, context, cephEnvironment(ceph, "bench"));
}

/**
 * A database of millions of rows, made once and kept in BENCH_FOLDER, one for each size: its keys are beside it. A
 * filling that was cut off goes on where it was.
 */
async function keptEnvironment({ onEnd, signal }) {
  const { BENCH_RECORDINGS = "10000000", BENCH_EVENTS = "50000000", BENCH_FOLDER = ".data/bench" } = process.env;
  const folder = path.resolve(BENCH_FOLDER, `${BENCH_RECORDINGS}-${BENCH_EVENTS}`);
  mkdirSync(folder, { recursive: true, mode: 0o711 });
  const file = path.join(folder, "secrets.json");
  if (!existsSync(file))
    writeFileSync(file, JSON.stringify({ ...generateSecrets(), owner: randomBytes(24).toString("hex") }), {
      mode: 0o600,
    });
  const { owner, ...secrets } = JSON.parse(readFileSync(file, "utf8"));
  const passwords = { ownerPassword: owner, portalPassword: owner };
  const database = await startPostgres({ dataDir: path.join(folder, "postgres"), persistent: true, ...passwords });
  onEnd(database.stop);
  return environmentOf("finding", folder, database, signal, secrets);
}

async function environmentFor(section, folder, database, context) {
  if (section === "finding") return keptEnvironment(context);
  if (section === "routes") return routesEnvironment(folder, context);
  return section === "storage"
    ? environmentOnCeph(folder, context)
    : environmentOf(section, folder, database, context.signal);
}

await withLifecycle(async ({ signal, onEnd }) => {
  const named = process.argv.slice(2);
  const unknown = named.filter((name) => !sections.includes(name));
  if (unknown.length > 0)
    throw new LaunchProblem(`Unknown section ${unknown.join(", ")}: choose from ${sections.join(", ")}.`);
  const folder = mkdtempSync(path.join(tmpdir(), "custodia-bench-"));
  chmodSync(folder, 0o711);
  onEnd(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));
  const database = await startPostgres({ dataDir: path.join(folder, "postgres"), persistent: false, durable: true });
  onEnd(database.stop);
  const wanted = [...named, ...named.flatMap((name) => implied[name] ?? [])];
  for (const section of sections.filter((name) => named.length === 0 || wanted.includes(name))) {
    const own = path.join(folder, section);
    mkdirSync(own, { mode: 0o711 });
    console.log(`\n━━ ${section}`);
    const env = await environmentFor(section, own, database, { signal, onEnd });
    if (!env) continue;
    await runStep(`The section ${section}`, projectScript("scripts/bench/run-section.ts", section), {
      env: { ...env, LOG_LEVEL: "silent", NODE_ENV: "production" },
      signal,
    });
  }
});
