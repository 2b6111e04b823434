export interface EmbeddedPostgres {
  port: number;
  pid: number;
  /** Resolves with the exit code or signal of the server. */
  exited: Promise<number | string>;
  /** The address of a database (default: `postgres`) for the superuser. */
  ownerUrl(database?: string): string;
  /** The address of a database for the portal's login, a member of `custodia_app`. */
  applicationUrl(database: string): string;
  createDatabase(name: string, options?: { template?: string }): Promise<void>;
  stop(): Promise<void>;
}

export function startPostgres(options: {
  dataDir: string;
  port?: number;
  persistent: boolean;
  /** Writes durably; default: `persistent`. Measurements use it on temporary data. */
  durable?: boolean;
  ownerPassword?: string;
  portalPassword?: string;
}): Promise<EmbeddedPostgres>;
