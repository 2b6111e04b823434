/** Starts the portal's server and waits until it responds. */
export function startPortalServer(options: {
  mode: "production" | "development";
  host: string;
  port: number;
  env: NodeJS.ProcessEnv;
  log?: string;
  signal: AbortSignal;
}): Promise<{ pid: number; exited: Promise<number | string>; end(): Promise<void> }>;
