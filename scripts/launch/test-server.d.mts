import type { EmbeddedPostgres } from "./embedded-postgres.mjs";

export const TEMPLATE_DATABASE: string;

/** Starts a temporary PostgreSQL server with a migrated database, of which tests make copies. */
export function startTestServer(folder: string, options: { env: NodeJS.ProcessEnv }): Promise<EmbeddedPostgres>;
