import { fileURLToPath } from "node:url";
import { drizzle } from "drizzle-orm/postgres-js";
import { migrate } from "drizzle-orm/postgres-js/migrator";
import postgres from "postgres";

/** Applies the missing migrations of `drizzle/`. Safe to repeat, and to run several times at once. */
const url = process.env.MIGRATION_DATABASE_URL || process.env.DATABASE_URL;
if (!url) {
  console.error("MIGRATION_DATABASE_URL (or DATABASE_URL) is missing: set it to the address of the database's owner.");
  process.exit(1);
}
const client = postgres(url, { max: 1, onnotice: () => undefined });
try {
  // Deployments that start together wait for each other.
  await client`select pg_advisory_lock(hashtext('custodia migrations'))`;
  await migrate(drizzle(client), { migrationsFolder: fileURLToPath(new URL("../drizzle", import.meta.url)) });
  console.log("The database is up to date.");
} catch (error) {
  const reason =
    error instanceof Error ? ((error.cause as Error | undefined)?.message ?? error.message) : String(error);
  console.error(`The migrations could not be applied: ${reason}`);
  process.exitCode = 1;
} finally {
  await client.end({ timeout: 5 });
}
