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

/** Returns a TCP port that is free on the loopback address. */
export const freePort = () => listen(0, "127.0.0.1");

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
