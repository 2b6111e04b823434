import { randomInt } from "node:crypto";
import { createServer } from "node:net";

function listen(port, host) {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen({ port, host }, () => {
      const { port: bound } = server.address();
      server.close(() => resolve(bound));
    });
  });
}

/**
 * Returns a TCP port that is free on the loopback address, below those that systems give to outgoing connections and to
 * servers without a port of their own: none of these takes it before the caller listens.
 */
export async function freePort() {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await listen(randomInt(15_000, 32_768), "127.0.0.1");
    } catch (error) {
      if (attempt === 100) throw error;
    }
  }
}

/** True if a server can listen on `port` of all addresses and of the loopback address. */
export async function isPortFree(port) {
  try {
    await listen(port, undefined);
    await listen(port, "127.0.0.1");
    return true;
  } catch {
    return false;
  }
}
