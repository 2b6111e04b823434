import path from "node:path";
import { startPostgres } from "./embedded-postgres.mjs";
import { portalEnvironment, withoutOwner } from "./portal-environment.mjs";
import { startPortalServer } from "./portal-server.mjs";
import { freePort } from "./ports.mjs";
import { runStep, tsx } from "./programs.mjs";
import { generateSecrets } from "./secrets.mjs";

/**
 * Starts a portal of its own, for tests and measurements: production build, empty database, a folder as store
 * unless `store` names another, seeded as the demo is.
 */
export async function startTemporaryPortal(folder, { env: hostEnv, store, signal, onEnd }) {
  const database = await startPostgres({ dataDir: path.join(folder, "postgres"), persistent: false });
  onEnd(database.stop);
  await database.createDatabase("custodia");
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const env = { ...hostEnv, ...portalEnvironment({ database, folder, store, secrets: generateSecrets(), url }) };
  await runStep("The migration", tsx("scripts/migrate.ts"), { env, log: path.join(folder, "migrate.log"), signal });
  const server = await startPortalServer({
    mode: "production",
    host: "127.0.0.1",
    port,
    env: withoutOwner(env),
    log: path.join(folder, "portal.log"),
    signal,
  });
  onEnd(server.end);
  const signIns = path.join(folder, "sign-ins.json");
  await runStep("Seeding", tsx("scripts/seed.ts", "--sign-ins", signIns), {
    env,
    log: path.join(folder, "seed.log"),
    signal,
  });
  return { ...env, PORTAL_URL: url, SIGN_INS: signIns };
}
