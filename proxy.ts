import { randomBytes, randomUUID } from "node:crypto";
import { NextResponse, type NextRequest } from "next/server";
import { env } from "@/lib/core/env";
import { dataPolicy, pagePolicy } from "@/lib/http/content-security-policy";

const twoYears = 2 * 365 * 24 * 60 * 60;

/**
 * Gives every request an id (an incoming one is not believed) and every page a nonce, and sets the headers that
 * depend on them. It decides nothing about access: each operation does that for itself.
 */
export function proxy(request: NextRequest): NextResponse {
  const isApi = request.nextUrl.pathname.startsWith("/api/");
  const nonce = randomBytes(18).toString("base64");
  const policy = isApi ? dataPolicy : pagePolicy(nonce, env());

  const headers = new Headers(request.headers);
  headers.set("x-request-id", randomUUID());
  headers.delete("x-nonce");
  // Next reads the nonce of its own scripts from this header of the request.
  headers.set("content-security-policy", policy);
  if (!isApi) headers.set("x-nonce", nonce);

  const response = NextResponse.next({ request: { headers } });
  response.headers.set("x-request-id", headers.get("x-request-id") ?? "");
  response.headers.set("content-security-policy", policy);
  response.headers.set("cache-control", "no-store");
  if (env().NEXTAUTH_URL.startsWith("https:")) {
    response.headers.set("strict-transport-security", `max-age=${twoYears}; includeSubDomains`);
  }
  return response;
}

export const config = {
  // Next buffers, and past 10 MB cuts, the body of what passes here: bytes on their way to the store must not.
  matcher: ["/((?!_next/|api/store/|api/recordings/[^/]+/content|mark.svg|favicon.ico).*)"],
};
