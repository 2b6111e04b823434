import path from "node:path";
import { messagesToNowhere, portalEnvironment, withoutOwner } from "./portal-environment.mjs";
import { startPortalServer } from "./portal-server.mjs";
import { freePort } from "./ports.mjs";
import { runStep, projectScript } from "./programs.mjs";
import { generateSecrets } from "./secrets.mjs";
import { startTestServer, TEMPLATE_DATABASE } from "./test-server.mjs";

/**
 * Starts a portal for tests and measurements: production build, new database, example data. Its store is a folder
 * unless `store` has other settings. It uses the PostgreSQL server `database`, or starts one. Its messages reach nobody
 * unless `messages` says where they go.
 */
export async function startTemporaryPortal(
  folder,
  { env: hostEnv, store, signal, onEnd, database, messages = messagesToNowhere },
) {
  const server = database ?? (await startTestServer(folder, { env: hostEnv }));
  if (!database) onEnd(server.stop);
  await server.createDatabase("custodia", { template: TEMPLATE_DATABASE });
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const env = {
    ...hostEnv,
    ...portalEnvironment({
      database: server,
      folder,
      store,
      secrets: generateSecrets(),
      url,
      messages,
    }),
  };
  const portal = await startPortalServer({
    mode: "production",
    host: "127.0.0.1",
    port,
    env: withoutOwner(env),
    log: path.join(folder, "portal.log"),
    signal,
  });
  onEnd(portal.end);
  const signIns = path.join(folder, "sign-ins.json");
  await runStep("Seeding", projectScript("scripts/seed.ts", "--sign-ins", signIns), {
    env,
    log: path.join(folder, "seed.log"),
    signal,
  });
  return { ...env, PORTAL_URL: url, SIGN_INS: signIns };
}
