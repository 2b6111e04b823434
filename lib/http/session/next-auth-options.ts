import type { NextAuthOptions } from "next-auth";
import CredentialsProvider from "next-auth/providers/credentials";
import pLimit from "p-limit";
import { endSession } from "@/lib/access/sign-in/end-session";
import { resolveSession } from "@/lib/access/sign-in/session-user";
import { startSession } from "@/lib/access/sign-in/start-session";
import { startSessionByTicket } from "@/lib/access/sign-in/start-session-by-ticket";
import { env } from "@/lib/core/env";
import { AppError } from "@/lib/core/errors";
import { readDeviceToken } from "@/lib/http/session/device-cookie";
import { ipAddressOf } from "@/lib/http/request-context";
import { readSignOnCookie } from "@/lib/http/session/sign-on-cookies";
import { log } from "@/lib/core/log";
import type { OperationContext } from "@/lib/operation/operation";
import { newId } from "@/lib/core/new-id";

/**
 * next-auth handles the cookie and the CSRF check; our tables hold the users. The token holds only a session id, and
 * outlives it: the database's clock alone says when a session has ended.
 * @param remember gets the token of the device cookie after a sign-in.
 */
export function nextAuthOptions(remember: (deviceToken: string) => void = () => undefined): NextAuthOptions {
  return {
    secret: env().NEXTAUTH_SECRET,
    session: { strategy: "jwt", maxAge: cookieSeconds },
    // A page of ours for each of its own, also for those that nothing links to.
    pages: { signIn: "/sign-in", error: "/sign-in", signOut: "/", verifyRequest: "/sign-in" },
    providers: [passwordProvider(remember), ticketProvider(remember)],
    callbacks: {
      jwt: ({ token, user }) => (user ? { sid: user.id } : token.sid ? { sid: token.sid } : {}),
      session: ({ session }) => ({ expires: session.expires }),
    },
    events: { signOut: async ({ token }) => endSessionOf(token?.sid) },
    logger: {
      error: (code) => log.warn({ code: knownCode(code) }, "next-auth"),
      warn: (code) => log.debug({ code: knownCode(code) }, "next-auth"),
      debug: () => undefined,
    },
  };
}

/** Anyone can post to next-auth's `_log`, so only texts in the form of a code are logged. */
const knownCode = (code: unknown) => (typeof code === "string" && /^[A-Z_]{1,64}$/.test(code) ? code : "UNKNOWN");

type Remember = (deviceToken: string) => void;

/** Longer than any session, also where the clocks of two portals differ. */
const cookieSeconds = 7 * 24 * 60 * 60;

/** Each sign-in holds a database connection while it hashes a password. This limit keeps connections for other work. */
const signInTurns = pLimit(4);

function passwordProvider(remember: Remember) {
  return CredentialsProvider({
    name: "password",
    credentials: { email: {}, password: {} },
    authorize: (credentials, request) => {
      const { email = "", password = "" } = credentials ?? {};
      return sessionOf(request, remember, (context, browser) =>
        signInTurns(() => startSession(context, { email, password, ...browser })),
      );
    },
  });
}

/**
 * Second step, passkey and single sign-on end here: `signIn("ticket", { ticket })` sets the cookie. The ticket of
 * single sign-on is in a cookie of its own, which no script reads.
 */
function ticketProvider(remember: Remember) {
  return CredentialsProvider({
    id: "ticket",
    name: "ticket",
    credentials: { ticket: {} },
    authorize: (credentials, request) => {
      const sent = new Headers(request.headers as Record<string, string>);
      const token = credentials?.ticket || (readSignOnCookie(sent, "ticket") ?? "");
      return sessionOf(request, remember, (context, browser) => startSessionByTicket(context, { token, ...browser }));
    },
  });
}

type Start = (
  context: OperationContext,
  browser: { userAgent: string | null; deviceToken: string | null },
) => Promise<{ sessionId: string; deviceToken: string }>;

type Sent = { headers?: object; body?: Record<string, unknown> };

/** Starts a session for next-auth. @throws Error whose message is the code for the sign-in page. */
async function sessionOf(request: Sent, remember: Remember, start: Start): Promise<{ id: string }> {
  const headers = new Headers(request.headers as Record<string, string>);
  const context = {
    actor: { type: "anonymous" as const },
    requestId: headers.get("x-request-id") ?? newId(),
    ipAddress: ipAddressOf(headers),
  };
  try {
    const browser = { userAgent: headers.get("user-agent"), deviceToken: readDeviceToken(headers) };
    const { sessionId, deviceToken } = await start(context, browser);
    remember(deviceToken);
    return { id: sessionId };
  } catch (error) {
    // A form that is posted without it is answered with a redirect: its address must hold no challenge.
    const isJson = request.body?.json === "true";
    throw new Error(signInError(error, context.requestId, isJson));
  }
}

/** The code for the sign-in page; if locked with the waiting time, in JSON with the challenge of a second step. */
function signInError(error: unknown, requestId: string, isJson: boolean): string {
  if (!(error instanceof AppError)) {
    log.error({ error, requestId }, "sign-in failed unexpectedly");
    return "internal";
  }
  if (error.code === "invalid_input") return "invalid_credentials";
  const { secondStep } = error.details;
  if (secondStep && isJson) return `${error.code}:${secondStep.challenge}:${secondStep.factors.join(",")}`;
  return error.details.retryAfterSeconds ? `${error.code}:${error.details.retryAfterSeconds}` : error.code;
}

async function endSessionOf(sessionId: unknown): Promise<void> {
  const user = typeof sessionId === "string" ? await resolveSession(sessionId) : null;
  if (user) await endSession({ actor: user.actor, requestId: newId(), ipAddress: null }, {});
}
