// The part of `npm run demo` and `npm run dev` that runs under the pinned Node.js, with the packages installed.
import { chmodSync, existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { build, isBuildCurrent } from "./build.mjs";
import { startPostgres } from "./embedded-postgres.mjs";
import { chosenStore, saveStoreKind, startDemoStore } from "./demo-store.mjs";
import { startDemoMailbox } from "./demo-mailbox.mjs";
import { chosenPort } from "./host.mjs";
import { lockInstance } from "./instance.mjs";
import { Interrupted, withLifecycle } from "./lifecycle.mjs";
import { portalEnvironment, withoutOwner } from "./portal-environment.mjs";
import { startPortalServer } from "./portal-server.mjs";
import { runStep, projectScript } from "./programs.mjs";
import { dataFolder, LaunchProblem } from "./project.mjs";
import { startScheduler } from "./scheduler.mjs";
import { formatSecrets, loadOrCreateSecrets } from "./secrets.mjs";
import { printSignIns } from "./sign-ins.mjs";

const [mode, ...args] = process.argv.slice(2);
const port = chosenPort();
const host = process.env.HOST || "127.0.0.1";
const url = process.env.NEXTAUTH_URL || `http://localhost:${port}`;
const inData = (name) => path.join(dataFolder, name);

const print = (text) => console.log(`  ${text}`);

/** Returns the secrets of this folder, or creates them; fails if its data exists and its keys are missing. */
function secretsOfFolder() {
  if (existsSync(inData("postgres")) && !existsSync(inData("secrets.env"))) {
    throw new LaunchProblem(
      `${inData("secrets.env")} is missing, and without it the data in ${dataFolder} cannot be read: ` +
        "restore the file, or delete the folder.",
    );
  }
  return loadOrCreateSecrets(inData("secrets.env"));
}

async function startDatabase(secrets, onEnd) {
  const database = await startPostgres({
    dataDir: inData("postgres"),
    persistent: true,
    ownerPassword: secrets.POSTGRES_OWNER_PASSWORD,
    portalPassword: secrets.POSTGRES_PORTAL_PASSWORD,
  });
  onEnd(database.stop);
  await database.createDatabase("custodia");
  return database;
}

/** Writes the environment to a file, from which commands such as `npm run audit` read it while the portal runs. */
function shareEnvironment(env, onEnd) {
  const names = Object.keys(env).filter((name) => process.env[name] !== env[name]);
  const file = inData("portal.env");
  rmSync(file, { force: true });
  writeFileSync(file, formatSecrets(Object.fromEntries(names.map((name) => [name, env[name]]))), { mode: 0o600 });
  onEnd(() => rmSync(file, { force: true }));
}

await withLifecycle(async ({ signal, onEnd }) => {
  const instance = await lockInstance(url);
  onEnd(instance.release);
  const onStart = instance.remember;
  const secrets = secretsOfFolder();

  const kind = chosenStore(args);
  saveStoreKind(kind);

  const database = await startDatabase(secrets, onEnd);
  if (kind === "ceph") print("Starting Ceph, the S3 server ...");
  const mailbox = await startDemoMailbox(inData("mailbox-ca.pem"), inData("sign-ins.json"));
  onEnd(mailbox.stop);
  const env = portalEnvironment({
    database,
    folder: dataFolder,
    store: await startDemoStore(kind, onEnd),
    messages: mailbox.settings,
    secrets,
    url,
  });
  for (const name of ["POSTGRES_OWNER_PASSWORD", "POSTGRES_PORTAL_PASSWORD"]) delete env[name];
  shareEnvironment(env, onEnd);
  print("PostgreSQL runs; applying migrations ...");
  const logs = ["migrate", "provision", "build", "portal", "seed"].map((name) => [name, inData(`${name}.log`)]);
  for (const [, file] of logs) rmSync(file, { force: true });
  const log = Object.fromEntries(logs);
  await runStep("The migration", projectScript("scripts/migrate.ts"), { env, log: log.migrate, signal, onStart });
  if (kind === "ceph")
    await runStep("Provisioning the bucket", projectScript("scripts/storage.ts", "provision", "--yes"), {
      env,
      log: log.provision,
      signal,
      onStart,
    });

  const portalEnv = withoutOwner(env);
  if (mode === "production" && !isBuildCurrent()) {
    print("Building the portal (after each change of the source; about a minute) ...");
    await build({ env: { ...portalEnv, NODE_ENV: "production" }, log: log.build, signal, onStart });
  }
  print("Starting the portal ...");
  const server = await startPortalServer({
    mode,
    host,
    port,
    env: portalEnv,
    log: mode === "development" ? undefined : log.portal,
    signal,
    onStart,
  });
  onEnd(server.end);

  print("Checking the example data (at the first start it is uploaded, as by a phone system) ...");
  await runStep("Seeding", projectScript("scripts/seed.ts"), { env, log: log.seed, signal, onStart });
  onEnd(
    startScheduler({
      baseUrl: `http://127.0.0.1:${port}`,
      secret: secrets.CRON_SECRET,
      onFailure: (job, reason) => print(`The job ${job} failed: ${reason}`),
    }),
  );

  if (existsSync(inData("sign-ins.json"))) chmodSync(inData("sign-ins.json"), 0o600);
  printSignIns({
    url,
    mailbox: mailbox.url,
    file: inData("sign-ins.json"),
    log: mode === "development" ? undefined : log.portal,
  });
  const outcome = await Promise.race([
    server.exited,
    database.exited.then((status) => {
      throw new LaunchProblem(`PostgreSQL ended unexpectedly (${status}); see ${inData("postgres.log")}. Start again.`);
    }),
    new Promise((_, reject) => signal.addEventListener("abort", () => reject(new Interrupted()), { once: true })),
  ]);
  const tail =
    mode === "production" ? `\n${readFileSync(log.portal, "utf8").trimEnd().split("\n").slice(-20).join("\n")}` : "";
  throw new LaunchProblem(`The portal's server ended unexpectedly (${outcome}).${tail}`);
});
