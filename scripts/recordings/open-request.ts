import { request as requestPlain, type ClientRequest, type IncomingMessage } from "node:http";
import { request as requestSecurely } from "node:https";
import { text } from "node:stream/consumers";

/** Without a byte in either direction for so long the line is taken to be dead. */
const idleMs = 5 * 60_000;

/**
 * Begins an HTTP request, whose body the caller writes and ends. Not by `fetch`, which takes twice the processor
 * time for a body.
 * @returns `answered`: the whole answer, read to its end, or the connection is not used again; it rejects with what
 * the line or the signal said.
 */
export function openRequest(
  url: string | URL,
  { method, headers, signal }: { method: string; headers: Record<string, string>; signal?: AbortSignal },
): { sent: ClientRequest; answered: Promise<Response> } {
  const begin = new URL(url).protocol === "https:" ? requestSecurely : requestPlain;
  const sent = begin(url, { method, headers, timeout: idleMs, signal });
  sent.once("timeout", () => sent.destroy(new Error("idle")));
  const answered = new Promise<IncomingMessage>((resolve, reject) =>
    sent.once("response", resolve).on("error", reject),
  ).then(wholeAnswer);
  // Looked at when it is waited for.
  answered.catch(() => undefined);
  return { sent, answered };
}

async function wholeAnswer(answer: IncomingMessage): Promise<Response> {
  const body = await text(answer);
  const told = Object.entries({ etag: answer.headers.etag, "retry-after": answer.headers["retry-after"] }).filter(
    (header): header is [string, string] => header[1] !== undefined,
  );
  return new Response(body === "" ? null : body, { status: answer.statusCode, headers: told });
}
