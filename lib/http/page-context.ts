import type { Route } from "next";
import { cookies, headers } from "next/headers";
import { redirect } from "next/navigation";
import { cache } from "react";
import type { UserActor } from "@/lib/operation/actor";
import { resolveSession, type SignedInUser } from "@/lib/access/sign-in/session-user";
import { readSessionId, sessionCookieName } from "@/lib/http/session/session-cookie";
import { ipAddressOf, requestIdOf } from "@/lib/http/request-context";
import { pagePathHeader, signInAddress } from "@/lib/http/return-path";
import type { OperationContext } from "@/lib/operation/operation";

export type PageContext = {
  context: OperationContext & { actor: UserActor };
  user: Omit<SignedInUser, "actor"> & UserActor;
};

/** The signed-in user of a page or form, read once for each request; null if nobody is signed in. */
export const currentContext = cache(async (): Promise<PageContext | null> => {
  const sessionId = await readSessionId((await cookies()).get(sessionCookieName())?.value);
  const signedIn = sessionId === null ? null : await resolveSession(sessionId);
  if (!signedIn) return null;
  const requestHeaders = await headers();
  const { actor, ...user } = signedIn;
  const context = { actor, requestId: requestIdOf(requestHeaders), ipAddress: ipAddressOf(requestHeaders) };
  return { context, user: { ...user, ...actor } };
});

/** Like `currentContext`, for pages that need a signed-in user: redirects everyone else to the sign-in. */
export async function pageContext(): Promise<PageContext> {
  return (await currentContext()) ?? redirectToSignIn();
}

/** Leads to the sign-in page, which leads back to this page with its filters. */
export async function redirectToSignIn(): Promise<never> {
  redirect(signInAddress((await headers()).get(pagePathHeader)) as Route);
}
