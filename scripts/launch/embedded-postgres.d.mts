export interface EmbeddedPostgres {
  port: number;
  pid: number;
  /** Address of a database for its superuser; of `postgres` by default. */
  ownerUrl(database?: string): string;
  /** Address of a database for the portal's login, a member of `custodia_app`. */
  applicationUrl(database: string): string;
  createDatabase(name: string, options?: { template?: string }): Promise<void>;
  stop(): Promise<void>;
}

export function startPostgres(options: {
  dataDir: string;
  port?: number;
  persistent: boolean;
  /** Durable even though it is deleted at the end: for measurements. */
  durable?: boolean;
  ownerPassword?: string;
  portalPassword?: string;
}): Promise<EmbeddedPostgres>;
