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

/** A TCP port that is free now on the loopback address. */
export const freePort = () => listen(0, "127.0.0.1");

/** Says whether a server could listen on `port` of every address, and of the loopback one. */
export async function isPortFree(port) {
  try {
    await listen(port, undefined);
    await listen(port, "127.0.0.1");
    return true;
  } catch {
    return false;
  }
}
