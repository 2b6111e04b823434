import path from "node:path";
import { startPostgres } from "./embedded-postgres.mjs";
import { runStep, projectScript } from "./programs.mjs";

export const TEMPLATE_DATABASE = "custodia_template";

/** Starts a temporary PostgreSQL server with a migrated database, of which tests make copies. */
export async function startTestServer(folder, { env }) {
  const server = await startPostgres({ dataDir: path.join(folder, "postgres"), persistent: false });
  try {
    await server.createDatabase(TEMPLATE_DATABASE);
    await runStep("The migration", projectScript("scripts/migrate.ts"), {
      env: { ...env, MIGRATION_DATABASE_URL: server.ownerUrl(TEMPLATE_DATABASE) },
      log: path.join(folder, "migrate.log"),
    });
    return server;
  } catch (error) {
    await server.stop();
    throw error;
  }
}

/** Returns a function that returns the test server of this run and starts it at the first call. */
export function offerTestServer(folder, { env, onEnd }) {
  let server;
  onEnd(async () => (await server?.catch(() => undefined))?.stop());
  return () => (server ??= startTestServer(folder, { env }));
}
