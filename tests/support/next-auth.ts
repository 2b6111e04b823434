import NextAuth from "next-auth";
import { nextAuthOptions } from "@/lib/http/session/next-auth-options";

type Answer = { cookies: Record<string, string>; body: unknown };

/** One request to next-auth with our options, through the door it has for servers that are not Next's own. */
export async function nextAuth(
  action: string,
  cookies: Record<string, string>,
  body?: Record<string, string>,
  provider = "credentials",
  headers: Record<string, string> = {},
): Promise<Answer> {
  const query = { nextauth: action === "callback" ? [action, provider] : [action] };
  const request = { query, body, cookies, method: body ? "POST" : "GET", headers: { host: "127.0.0.1", ...headers } };
  const answer: Answer = { cookies: {}, body: null };
  const response = {
    status: () => response,
    getHeader: () => undefined,
    setHeader: (name: string, value: string | string[]) => {
      if (name.toLowerCase() === "set-cookie") for (const cookie of [value].flat()) keepCookie(answer, cookie);
      return response;
    },
    json: (sent: unknown) => void (answer.body = sent),
    send: (sent: unknown) => void (answer.body = sent),
    end: () => undefined,
  };
  await (NextAuth(nextAuthOptions()) as (...parameters: unknown[]) => Promise<void>)(request, response);
  return answer;
}

function keepCookie(answer: Answer, cookie: string): void {
  const [, name, value] = /^([^=]+)=([^;]*)/.exec(cookie)!;
  answer.cookies[name!] = decodeURIComponent(value!);
}

/** next-auth's CSRF token, with its cookie. */
export async function csrf(): Promise<{ csrfToken: string; cookies: Record<string, string> }> {
  const { body, cookies } = await nextAuth("csrf", {});
  return { ...(body as { csrfToken: string }), cookies };
}
