import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { handle } from "@/lib/http/route";
import { answerStoreRequest } from "@/lib/http/bytes/store-request-answer";
import type { LinkedStore } from "@/lib/storage/links/linked-store";

/** A real HTTP server that answers the links that the portal signed, as the portal's route does. */
export async function serveLinkedStore(storeFor: (origin: string) => LinkedStore) {
  const server = createServer((incoming, outgoing) => void answer(incoming, outgoing));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const store = storeFor(origin);

  async function answer(incoming: IncomingMessage, outgoing: ServerResponse) {
    try {
      const url = new URL(incoming.url!, origin);
      const hasBody = incoming.method === "PUT" || incoming.method === "POST";
      const request = new Request(url, {
        method: incoming.method!,
        headers: Object.entries(incoming.headers).flatMap(([name, value]) =>
          typeof value === "string" ? [[name, value] as [string, string]] : [],
        ),
        ...(hasBody ? { body: Readable.toWeb(incoming) as ReadableStream, duplex: "half" } : {}),
      } as RequestInit);
      const key = decodeURIComponent(url.pathname.slice("/api/store/".length));
      const response = await handle(() => answerStoreRequest(store, request, key))(request, {
        params: Promise.resolve({}),
      });
      outgoing.writeHead(response.status, Object.fromEntries(response.headers));
      if (response.body) await pipeline(Readable.fromWeb(response.body as never), outgoing);
      else outgoing.end();
    } catch {
      outgoing.destroy();
    }
  }

  const close = () =>
    new Promise<void>((resolve) => {
      server.closeAllConnections();
      server.close(() => resolve());
    });
  return { store, close };
}
