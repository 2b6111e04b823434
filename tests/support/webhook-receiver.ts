import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";

export type Received = { path: string; headers: Record<string, string>; body: string };
type Answer = (request: Received, response: ServerResponse) => void | Promise<void>;

export type WebhookReceiver = {
  url: string;
  received: Received[];
  answerWith: (answer: Answer) => void;
  close: () => Promise<void>;
};

const accept: Answer = (_, response) => void response.writeHead(204).end();

/** A phone system's webhook receiver: a real HTTP server that keeps its requests and answers as configured. */
export async function startWebhookReceiver(): Promise<WebhookReceiver> {
  const received: Received[] = [];
  let answer = accept;
  const take = async (incoming: IncomingMessage, outgoing: ServerResponse) => {
    const request = {
      path: incoming.url!,
      headers: incoming.headers as Record<string, string>,
      body: await text(incoming),
    };
    received.push(request);
    await answer(request, outgoing);
  };
  const server = createServer((incoming, outgoing) => void take(incoming, outgoing).catch(() => outgoing.destroy()));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/custodia`,
    received,
    answerWith: (next) => void (answer = next),
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
