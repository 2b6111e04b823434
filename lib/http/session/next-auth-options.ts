import type { NextAuthOptions } from "next-auth";
import CredentialsProvider from "next-auth/providers/credentials";
import pLimit from "p-limit";
import { endSession } from "@/lib/access/sign-in/end-session";
import { resolveSession } from "@/lib/access/sign-in/session-user";
import { sessionSeconds, startSession } from "@/lib/access/sign-in/start-session";
import { env } from "@/lib/core/env";
import { AppError } from "@/lib/core/errors";
import { ipAddressOf } from "@/lib/http/request-context";
import { log } from "@/lib/core/log";
import { newId } from "@/lib/core/new-id";

/** next-auth handles the cookie and the CSRF check; our tables hold the users. The token holds only a session id. */
export function nextAuthOptions(): NextAuthOptions {
  return {
    secret: env().NEXTAUTH_SECRET,
    session: { strategy: "jwt", maxAge: sessionSeconds },
    pages: { signIn: "/sign-in", error: "/sign-in" },
    providers: [passwordProvider()],
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

/** Each sign-in holds a database connection while it hashes a password. This limit keeps connections for other work. */
const signInTurns = pLimit(4);

function passwordProvider() {
  return CredentialsProvider({
    name: "password",
    credentials: { email: {}, password: {} },
    authorize: async (credentials, request) => {
      const headers = new Headers(request.headers as Record<string, string>);
      const context = {
        actor: { type: "anonymous" as const },
        requestId: headers.get("x-request-id") ?? newId(),
        ipAddress: ipAddressOf(headers),
      };
      try {
        const { email = "", password = "" } = credentials ?? {};
        const userAgent = headers.get("user-agent");
        const { sessionId } = await signInTurns(() => startSession(context, { email, password, userAgent }));
        return { id: sessionId };
      } catch (error) {
        throw new Error(signInError(error, context.requestId));
      }
    },
  });
}

/** The error code for the sign-in page, with the waiting time if locked. */
function signInError(error: unknown, requestId: string): string {
  if (!(error instanceof AppError)) {
    log.error({ error, requestId }, "sign-in failed unexpectedly");
    return "internal";
  }
  if (error.code === "invalid_input") return "invalid_credentials";
  return error.details.retryAfterSeconds ? `${error.code}:${error.details.retryAfterSeconds}` : error.code;
}

async function endSessionOf(sessionId: unknown): Promise<void> {
  const user = typeof sessionId === "string" ? await resolveSession(sessionId) : null;
  if (user) await endSession({ actor: user.actor, requestId: newId(), ipAddress: null }, {});
}
