import NextAuth from "next-auth";
import { deviceCookie } from "@/lib/http/session/device-cookie";
import { nextAuthOptions } from "@/lib/http/session/next-auth-options";

type Segment = { params: Promise<{ nextauth: string[] }> };

/** Answers a request to next-auth, with the cookie of a known device after a sign-in. */
export async function nextAuthHandler(request: Request, segment: Segment): Promise<Response> {
  const tokens: string[] = [];
  const response = (await NextAuth(nextAuthOptions((token) => tokens.push(token)))(request, segment)) as Response;
  for (const token of tokens) response.headers.append("set-cookie", deviceCookie(token));
  return response;
}
