import type { IncomingMessage, ServerResponse } from "node:http";
import { AppError } from "@/lib/core/errors";
import { problemDetails } from "@/lib/http/problem";

const methods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];

/** Why Next.js must not see a request: it answers 500 to a method or a path that it cannot read. Null: it may. */
export function refusalOf({ method = "", url = "" }: IncomingMessage): AppError | null {
  if (!methods.includes(method)) return new AppError("method_not_allowed", "no route has this method");
  try {
    decodeURIComponent(url.split("?", 1)[0]!);
    return null;
  } catch {
    return new AppError("malformed_request", "the path is not UTF-8");
  }
}

/** Answers a request with problem details. */
export function refuseRequest(response: ServerResponse, refusal: AppError, requestId: string): void {
  const { body, headers } = problemDetails(refusal, requestId);
  response.statusCode = body.status;
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  if (refusal.code === "method_not_allowed") response.setHeader("allow", methods.join(", "));
  // A body that nobody reads must not be taken for the next request.
  response.setHeader("connection", "close");
  response.setHeader("content-type", "application/problem+json");
  response.end(JSON.stringify(body));
}
