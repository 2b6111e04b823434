import { completeSignOn } from "@/lib/access/single-sign-on/complete-sign-on";
import { logOutByToken } from "@/lib/access/single-sign-on/logout/log-out-by-token";
import { signOnCodeOf } from "@/lib/access/single-sign-on/sign-on-codes";
import { startSignOn, trySeconds } from "@/lib/access/single-sign-on/start-sign-on";
import { AppError } from "@/lib/core/errors";
import { env } from "@/lib/core/env";
import { jsonAnswer } from "@/lib/http/json-answer";
import { publicContextOf, requestContext } from "@/lib/http/request-context";
import { boundedText } from "@/lib/http/route";
import { returnPath } from "@/lib/http/return-path";
import { readSignOnCookie, signOnCookie } from "@/lib/http/session/sign-on-cookies";

const ticketSeconds = 60;

/** Sends the browser to the provider. `next`: the page of the portal to come back to. */
export const answerSignOnStart = (request: Request): Promise<Response> =>
  orPage("/sign-in", async () => {
    const returnTo = returnPath(new URL(request.url).searchParams.get("next"));
    const { cookie, location } = await startSignOn(publicContextOf(request.headers), { returnTo });
    return redirect(location, [signOnCookie("try", cookie, trySeconds)]);
  });

const provedPage = "/sign-in/proved";

/** Sends somebody with a session to the provider for a fresh proof of who they are. */
export async function answerProofStart(request: Request): Promise<Response> {
  const { actor } = await requestContext(request);
  if (actor.type !== "user") return redirect("/sign-in", []);
  return orPage(provedPage, async () => {
    const wanted = { returnTo: provedPage, sessionId: actor.sessionId };
    const { cookie, location } = await startSignOn(publicContextOf(request.headers), wanted);
    return redirect(location, [signOnCookie("try", cookie, trySeconds)]);
  });
}

/** Where the provider sends the browser back. The ticket goes on in a cookie: no history and no log has it. */
export async function answerSignOnCallback(request: Request): Promise<Response> {
  const over = [signOnCookie("try", "", 0)];
  const proves = await requestContext(request);
  const page = proves.actor.type === "user" ? provedPage : "/sign-in";
  return orPage(
    page,
    async () => {
      const answer = new URL(request.url).searchParams;
      const cookie = readSignOnCookie(request.headers, "try");
      const completed = await completeSignOn(publicContextOf(request.headers), { cookie, answer, proves });
      const { ticket, returnTo } = completed;
      if (ticket === null) return redirect(returnTo, over);
      const cookies = [...over, signOnCookie("ticket", ticket, ticketSeconds)];
      return redirect(`/sign-in/return?${new URLSearchParams({ next: returnTo }).toString()}`, cookies);
    },
    over,
  );
}

/** OpenID Connect Back-Channel Logout 1.0, 2.5 to 2.8: 200, or 400 for a token that is not accepted. */
export async function answerSignOnLogout(request: Request): Promise<Response> {
  const isForm = /^application\/x-www-form-urlencoded\b/i.test(request.headers.get("content-type") ?? "");
  if (!isForm) throw new AppError("unsupported_media_type", "send a form");
  const token = new URLSearchParams(await boundedText(request)).get("logout_token") ?? "";
  const headers = { "cache-control": "no-store" };
  try {
    await logOutByToken(publicContextOf(request.headers), token);
    return new Response(null, { status: 200, headers });
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== "sign_on_refused") throw error;
    return jsonAnswer({ error: "invalid_request", error_description: error.detail }, { status: 400, headers });
  }
}

/** A refusal leads to a page that says in the reader's language what happened; who has no session signs in first. */
async function orPage(page: string, work: () => Promise<Response>, cookies: string[] = []): Promise<Response> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof AppError && error.code === "unauthenticated") return redirect("/sign-in", cookies);
    const code = signOnCodeOf(error);
    if (code === null) throw error;
    return redirect(`${page}?refused=${code}`, cookies);
  }
}

function redirect(location: string, cookies: string[]): Response {
  const headers = new Headers({
    location: new URL(location, env().NEXTAUTH_URL).href,
    ...{ "cache-control": "no-store", "referrer-policy": "no-referrer" },
  });
  for (const cookie of cookies) headers.append("set-cookie", cookie);
  return new Response(null, { status: 303, headers });
}
