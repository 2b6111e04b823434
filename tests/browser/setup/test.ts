import { readFileSync } from "node:fs";
import { test as base, type BrowserContext } from "@playwright/test";

export { expect } from "@playwright/test";

export type SignInRole = "admin" | "dpo" | "supervisor" | "auditor";

export interface SignIn {
  role: SignInRole;
  email: string;
  password: string;
}

/** The accounts that seeding made, in its order. */
export function signIns(): SignIn[] {
  const lines = readFileSync(process.env.SIGN_INS!, "utf8").split("\n").filter(Boolean);
  return lines.map((line) => JSON.parse(line) as SignIn);
}

/** The first account of a role. */
export function signInOf(role: SignInRole): SignIn {
  const account = signIns().find((candidate) => candidate.role === role);
  if (!account) throw new Error(`Seeding made no account with the role ${role}.`);
  return account;
}

/** Signs a browser context in over HTTP, as the sign-in form does: a session of its own, so that signing out disturbs no other test. */
export async function signInContext(context: BrowserContext, { email, password }: SignIn): Promise<void> {
  const answer = await context.request.get("/api/auth/csrf");
  const { csrfToken } = (await answer.json()) as { csrfToken: string };
  await context.request.post("/api/auth/callback/credentials", { form: { csrfToken, email, password, json: "true" } });
  const cookies = await context.cookies();
  if (!cookies.some(({ name }) => name.endsWith("next-auth.session-token"))) throw new Error("The portal refused the sign-in.");
}

/** Playwright's test, with `signInAs(role)` for the page's own browser context. */
export const test = base.extend<{ signInAs: (role: SignInRole) => Promise<void> }>({
  signInAs: async ({ context }, provide) => {
    await provide((role) => signInContext(context, signInOf(role)));
  },
});
