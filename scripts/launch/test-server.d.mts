import type { EmbeddedPostgres } from "./embedded-postgres.mjs";

export const TEMPLATE_DATABASE: string;

/** Starts a PostgreSQL that is not durable, with a migrated database that tests copy. */
export function startTestServer(folder: string, options: { env: NodeJS.ProcessEnv }): Promise<EmbeddedPostgres>;
