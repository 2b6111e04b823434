import { cookies, headers } from "next/headers";
import { redirect } from "next/navigation";
import { cache } from "react";
import type { UserActor } from "@/lib/operation/actor";
import { resolveSession, type SignedInUser } from "@/lib/access/sign-in/resolve-session";
import { readSessionId, sessionCookieName } from "@/lib/http/session-cookie";
import { ipAddressOf, requestIdOf } from "@/lib/http/request-context";
import type { OperationContext } from "@/lib/operation/operation";

export type PageContext = {
  context: OperationContext & { actor: UserActor };
  user: Omit<SignedInUser, "actor"> & UserActor;
};

/** Who asks for a page or sends a form; null for nobody. Read once for each request. */
export const currentContext = cache(async (): Promise<PageContext | null> => {
  const sessionId = await readSessionId((await cookies()).get(sessionCookieName())?.value);
  const signedIn = sessionId === null ? null : await resolveSession(sessionId);
  if (!signedIn) return null;
  const requestHeaders = await headers();
  const { actor, ...user } = signedIn;
  const context = { actor, requestId: requestIdOf(requestHeaders), ipAddress: ipAddressOf(requestHeaders) };
  return { context, user: { ...user, ...actor } };
});

/** As `currentContext`, for pages behind the sign-in: nobody is sent there. */
export async function pageContext(): Promise<PageContext> {
  return (await currentContext()) ?? redirect("/sign-in");
}
