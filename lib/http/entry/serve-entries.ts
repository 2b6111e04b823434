import { randomUUID } from "node:crypto";
import { subscribe } from "node:diagnostics_channel";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import { env } from "@/lib/core/env";
import { entries, type Entry } from "@/lib/http/entry/current-entry";
import { takeOverConsole } from "@/lib/http/entry/console-lines";
import { replaceFailures } from "@/lib/http/entry/failed-answer";
import { refusalOf, refuseRequest } from "@/lib/http/entry/refused-request";
import { fixedHeaders, policyHeaders } from "@/lib/http/policy-headers";

type Started = { server: Server; request: IncomingMessage; response: ServerResponse };

/**
 * Gives every request of Next's HTTP server in this process the same rules, before Next.js sees it: its own id, the
 * policy headers (`proxy.ts` passes some paths by), no method or path that Next.js cannot read, no answer 500 for what
 * is no fault of the portal.
 */
export function serveEntries(): void {
  if (env().NODE_ENV === "production") takeOverConsole();
  const known = new WeakSet<Server>();
  subscribe("http.server.request.start", (message) => {
    const { server } = message as Started;
    if (known.has(server)) return;
    known.add(server);
    const emit = server.emit.bind(server) as (event: string, ...args: unknown[]) => boolean;
    server.emit = ((event: string, ...args: unknown[]) => {
      if (event !== "request") return emit(event, ...args);
      const [request, response] = args as [IncomingMessage, ServerResponse];
      return serve(request, response, () => emit(event, request, response));
    }) as Server["emit"];
  });
}

/** Files of the build: their names change with their content, and Next.js lets browsers keep them. */
const isFile = (url: string) => /^\/(_next\/static\/|mark\.svg|favicon\.ico)/.test(url);

function serve(request: IncomingMessage, response: ServerResponse, next: () => boolean): boolean {
  const requestId = randomUUID();
  request.headers["x-request-id"] = requestId;
  const refusal = refusalOf(request);
  const policies = Object.entries(policyHeaders(requestId));
  for (const [name, value] of [...fixedHeaders, ...policies])
    if (name !== "cache-control" || refusal || !isFile(request.url ?? "")) response.setHeader(name, value);
  if (refusal) {
    refuseRequest(response, refusal, requestId);
    return true;
  }
  const isPage = !/^\/(api|_next)\//.test(request.url ?? "");
  if (!isPage) return next();
  const entry: Entry = {
    requestId,
    mayBeAction: request.method === "POST",
    hasArguments: false,
    isUnavailable: false,
    isLogged: false,
  };
  replaceFailures(request, response, entry);
  return entries.run(entry, next);
}
