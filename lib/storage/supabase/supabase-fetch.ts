import http, { type IncomingMessage } from "node:http";
import https from "node:https";
import { Readable } from "node:stream";
import { askTwice } from "@/lib/storage/ask-twice";

/** Time limits of a request without a file as body, and of one with a file. */
export const answerTimeoutMs = 30_000;
const bodyTimeoutMs = 15 * 60_000;

/** Supabase's client has no time limit, and would follow a redirect with the key in its headers. */
export function fetchWithLimits(input: Parameters<typeof fetch>[0], init: RequestInit = {}): Promise<Response> {
  const isShort = init.body === undefined || init.body === null || typeof init.body === "string";
  const limit = AbortSignal.timeout(isShort ? answerTimeoutMs : bodyTimeoutMs);
  const headers = new Headers(init.headers);
  // After a refused upload the server never answers the next request on that connection (measured above 200 kB).
  if (!isShort) headers.set("connection", "close");
  const limited: RequestInit = {
    ...init,
    headers,
    redirect: "error",
    cache: "no-store",
    signal: init.signal ? AbortSignal.any([init.signal, limit]) : limit,
  };
  const url = input instanceof Request ? input.url : String(input);
  return changesNothing(url, init.method) ? fetchTwice(url, limited) : fetch(url, limited);
}

/** Lists and signatures are POSTs that change nothing. */
function changesNothing(url: string, method = "GET"): boolean {
  return method === "GET" || (method === "POST" && /\/storage\/v1\/object\/(?:list-v2|sign|upload\/sign)\//.test(url));
}

/** A request that changes nothing, asked twice until the headers of its answer are there. */
export function fetchTwice(url: string, init: RequestInit, secondLimitMs?: number): Promise<Response> {
  const until = (limit: AbortSignal) => (init.signal ? AbortSignal.any([init.signal, limit]) : limit);
  return askTwice({
    ask: (limit) => fetch(url, { ...init, signal: until(limit) }),
    askAnew: (limit) => fetchAnew(url, { ...init, signal: until(limit) }),
    isUnanswered: () => init.signal?.aborted !== true,
    secondLimitMs,
  });
}

/** A request over a connection of its own, which `fetch` cannot make. Answers with a redirect are errors. */
async function fetchAnew(url: string, { method = "GET", headers, body, signal }: RequestInit): Promise<Response> {
  const { request } = url.startsWith("https:") ? https : http;
  const answer = await new Promise<IncomingMessage>((resolve, reject) => {
    const options = { method, headers: Object.fromEntries(new Headers(headers)), agent: false, signal: signal! };
    request(url, options, resolve)
      .on("error", reject)
      .end(body as string | undefined);
  });
  const status = answer.statusCode!;
  if (status >= 300 && status < 400) {
    answer.destroy();
    throw new TypeError("The store answered with a redirect.");
  }
  const fields = Object.entries(answer.headersDistinct).map(([name, values]) => [name, values!.join(", ")]);
  return new Response(Readable.toWeb(answer) as ReadableStream, { status, headers: Object.fromEntries(fields) });
}
