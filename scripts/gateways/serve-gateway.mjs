import { createServer } from "node:http";
import { text } from "node:stream/consumers";
import { Webhook } from "standardwebhooks";

const longestBody = 16 * 1024;
const rememberedIds = 10_000;

/** The text is refused for good: the portal does not try again, and shows `message`. */
export class Refusal extends Error {}

/**
 * Takes the portal's messages and gives each to `deliver({ id, to, text, language, expiresAt })`. Answers 204; 422
 * after a `Refusal`; 503 after any other error, so that the portal tries again. A message that was delivered is not
 * delivered again while this process runs.
 */
export function serveGateway({ secrets, deliver }) {
  const webhooks = secrets.map((secret) => new Webhook(secret));
  const delivered = new Map();

  async function take(request) {
    if (request.method !== "POST" || Number(request.headers["content-length"] ?? Infinity) > longestBody) return [400];
    const body = await text(request);
    const message = verified(webhooks, body, request.headers);
    if (!message) return [401];
    const id = request.headers["webhook-id"];
    if (delivered.has(id)) return [204];
    if (Date.parse(message.data.expiresAt) < Date.now()) return [422, "the message came too late"];
    await deliver({ id, ...message.data });
    delivered.set(id, true);
    if (delivered.size > rememberedIds) delivered.delete(delivered.keys().next().value);
    return [204];
  }

  return createServer((request, response) => {
    const answer = ([status, reply]) => response.writeHead(status).end(reply);
    take(request).then(answer, (error) => {
      if (error instanceof Refusal) return answer([422, error.message]);
      // Neither number nor text: the log of a gateway outlives both.
      console.error(`a message was not delivered: ${error.name}`);
      answer([503]);
    });
  });
}

function verified(webhooks, body, headers) {
  for (const webhook of webhooks) {
    try {
      return webhook.verify(body, headers);
    } catch {
      // Another secret may fit.
    }
  }
  return undefined;
}
