import { randomBytes, randomUUID } from "node:crypto";
import { NextResponse, type NextRequest } from "next/server";
import { env } from "@/lib/core/env";
import { dataPolicy, pagePolicy } from "@/lib/http/content-security-policy";

const twoYears = 2 * 365 * 24 * 60 * 60;

/**
 * Gives every request an id, ignoring the client's, and every page a nonce; sets the headers that depend on them. Does
 * not check access: each operation does.
 */
export function proxy(request: NextRequest): NextResponse {
  const isApi = request.nextUrl.pathname.startsWith("/api/");
  const nonce = randomBytes(18).toString("base64");
  const policy = isApi ? dataPolicy : pagePolicy(nonce, env());

  const headers = new Headers(request.headers);
  headers.set("x-request-id", randomUUID());
  headers.delete("x-nonce");
  // Next.js reads the nonce of its own scripts from this request header.
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
  // Next.js buffers the bodies of requests that match, and cuts them at 10 MB: uploads must not match.
  matcher: ["/((?!_next/|api/store/|api/recordings/[^/]+/content|api/mandates$|mark.svg|favicon.ico).*)"],
};
