"use server";

import { cookies } from "next/headers";
import { redirect } from "next/navigation";
import { endSession } from "@/lib/access/sign-in/end-session";
import { sessionCookieName } from "@/lib/http/session/session-cookie";
import { runAction } from "@/lib/http/run-action";

/** Ends the session in the database first: after that, a cookie that was not deleted is useless. */
export async function signOut(): Promise<void> {
  await runAction(endSession, {});
  (await cookies()).delete(sessionCookieName());
  redirect("/sign-in");
}
