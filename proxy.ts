import { randomBytes, randomUUID } from "node:crypto";
import { NextResponse, type NextRequest } from "next/server";
import { env } from "@/lib/core/env";
import { AppError } from "@/lib/core/errors";
import { dataPolicy, pagePolicy, verifierPath, verifierPolicy } from "@/lib/http/content-security-policy";
import { policyHeaders } from "@/lib/http/policy-headers";
import { problem } from "@/lib/http/problem";
import { pagePathHeader } from "@/lib/http/return-path";
import { isForeignForm } from "@/lib/http/session/same-origin";

/**
 * Gives every request of a page or of next-auth an id, ignoring the client's, and every page a nonce; sets the headers
 * that depend on them. Refuses forms of other sites. Does not check access: each operation does.
 */
export function proxy(request: NextRequest): NextResponse | Response {
  const { pathname } = request.nextUrl;
  const isApi = pathname.startsWith("/api/");
  const nonce = randomBytes(18).toString("base64");
  const policy = isApi ? dataPolicy : pathname === verifierPath ? verifierPolicy : pagePolicy(nonce, env());
  const requestId = randomUUID();
  if (isForeignForm(request.method, pathname, request.headers)) return refused(requestId);

  const headers = new Headers(request.headers);
  headers.set("x-request-id", requestId);
  // Next.js believes that the portal is where this header says. Only the settings say it.
  headers.set("x-forwarded-host", new URL(env().NEXTAUTH_URL).host);
  headers.delete("x-nonce");
  headers.set(pagePathHeader, request.nextUrl.pathname + request.nextUrl.search);
  // Next.js reads the nonce of its own scripts from this request header.
  headers.set("content-security-policy", policy);
  if (!isApi) headers.set("x-nonce", nonce);

  const response = NextResponse.next({ request: { headers } });
  for (const [name, value] of Object.entries(policyHeaders(requestId, policy))) response.headers.set(name, value);
  return response;
}

function refused(requestId: string): Response {
  const response = problem(new AppError("cross_site"), requestId);
  for (const [name, value] of Object.entries(policyHeaders(requestId))) response.headers.set(name, value);
  return response;
}

export const config = {
  // As `proxySees`.
  matcher: ["/((?!_next/|api/(?!auth/)|mark.svg|favicon.ico).*)"],
};
