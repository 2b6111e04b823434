import type { IncomingMessage, ServerResponse } from "node:http";
import { AppError } from "@/lib/core/errors";
import type { Entry } from "@/lib/http/entry/current-entry";
import { unavailablePage, unavailablePolicy } from "@/lib/http/entry/unavailable-page";
import { problemDetails } from "@/lib/http/problem";

type Answer = { status: number; headers: Record<string, string>; body: string };

/**
 * Replaces the answer 500 of Next.js: by 503 if the database is away, by 400 if the arguments of an action cannot be
 * read. Next.js has no status of its own for either.
 */
export function replaceFailures(request: IncomingMessage, response: ServerResponse, entry: Entry): void {
  const { writeHead, write, end } = response;
  let isReplaced = false;
  const replaced = (status: number) => {
    const answer = isReplaced || status !== 500 ? null : answerInstead(request, entry);
    if (!answer) return isReplaced;
    isReplaced = true;
    for (const name of ["transfer-encoding", "content-encoding", "etag", "link", "set-cookie"])
      response.removeHeader(name);
    for (const [name, value] of Object.entries(answer.headers)) response.setHeader(name, value);
    writeHead.call(response, answer.status);
    end.call(response, request.method === "HEAD" ? undefined : answer.body, "utf8");
    return true;
  };
  const isBegun = () => replaced(response.headersSent ? 0 : response.statusCode);
  Object.assign(response, {
    writeHead: (status: number, ...rest: []) =>
      replaced(status) ? response : writeHead.call(response, status, ...rest),
    write: (...chunk: Parameters<typeof write>) => isBegun() || write.apply(response, chunk),
    end: (...chunk: Parameters<typeof end>) => (isBegun() ? response : end.apply(response, chunk)),
    flushHeaders: () => void (isBegun() || response.headersSent || response.writeHead(response.statusCode)),
  });
}

function answerInstead(request: IncomingMessage, entry: Entry): Answer | null {
  if (entry.isUnavailable) return unavailable(request, entry);
  if (!entry.mayBeAction || entry.hasArguments) return null;
  return asProblem(new AppError("malformed_request", "the arguments of the action"), entry);
}

function unavailable(request: IncomingMessage, entry: Entry): Answer {
  const refusal = new AppError("database_unavailable", "while a page was made", { retryAfterSeconds: 5 });
  const answer = asProblem(refusal, entry);
  if (!/\btext\/html\b/.test(request.headers.accept ?? "")) return answer;
  const [body, page] = [unavailablePage(entry.requestId), { "content-security-policy": unavailablePolicy }];
  return { ...answer, headers: { ...answer.headers, ...page, "content-type": "text/html; charset=utf-8" }, body };
}

function asProblem(error: AppError, { requestId }: Entry): Answer {
  const { body, headers } = problemDetails(error, requestId);
  const type = { "content-type": "application/problem+json", "cache-control": "no-store" };
  return { status: body.status, headers: { ...headers, ...type }, body: JSON.stringify(body) };
}
