import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { answer } from "./portal";

export type PortalServer = { origin: string; close: () => Promise<void> };

/**
 * A real HTTP server in front of the portal's route handlers, for client processes. Call it before anything reads the
 * environment: signed links point to it.
 */
export async function startPortalServer(): Promise<PortalServer> {
  const server = createServer((incoming, outgoing) => void respond(incoming, outgoing));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  process.env.NEXTAUTH_URL = origin;

  async function respond(incoming: IncomingMessage, outgoing: ServerResponse) {
    const gone = new AbortController();
    outgoing.once("close", () => gone.abort());
    try {
      const response = await answer(toRequest(incoming, new URL(incoming.url!, origin), gone.signal));
      outgoing.writeHead(response.status, Object.fromEntries(response.headers));
      if (response.body)
        await pipeline(Readable.fromWeb(response.body as never, { highWaterMark: 1 } as never), outgoing);
      else outgoing.end();
    } catch {
      outgoing.destroy();
    }
  }

  return {
    origin,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

function toRequest(incoming: IncomingMessage, url: URL, signal: AbortSignal): Request {
  const headers = Object.entries(incoming.headers).flatMap(([name, value]) =>
    typeof value === "string" ? [[name, value] as [string, string]] : [],
  );
  const hasBody = incoming.method === "PUT" || incoming.method === "POST";
  return new Request(url, {
    method: incoming.method!,
    headers,
    signal,
    ...(hasBody ? { body: Readable.toWeb(incoming) as ReadableStream, duplex: "half" } : {}),
  } as RequestInit);
}
