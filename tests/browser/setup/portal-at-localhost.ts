import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { freePort } from "../../../scripts/launch/ports.mjs";
import { startPortalServer } from "../../../scripts/launch/portal-server.mjs";

/** One more portal of the same build and database, by a name: browsers have no passkeys at an IP address. */
export async function portalAtLocalhost() {
  const port = await freePort();
  const origin = `http://localhost:${port}`;
  const log = path.join(await mkdtemp(path.join(tmpdir(), "custodia-passkeys-")), "portal.log");
  const env = { ...process.env, NEXTAUTH_URL: origin };
  const stop = new AbortController();
  const { signal } = stop;
  const portal = await startPortalServer({ mode: "production", host: "127.0.0.1", port, env, log, signal });
  const close = async () => {
    await portal.end();
    stop.abort();
  };
  return { origin, close };
}
