import { readFileSync } from "node:fs";
import {
  test as base,
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  expect,
  type Page,
} from "@playwright/test";
import { secondStepTicket } from "./database";
import { watchContext, type Watch } from "./watch-context";

export { expect, type Page } from "@playwright/test";

export type SignInRole = "admin" | "dpo" | "supervisor" | "auditor";

export interface SignIn {
  role: SignInRole;
  email: string;
  name: string;
  password: string;
  /** Of the authenticator app of those who need a second factor. */
  totpSecret?: string;
}

/** The seeded accounts, in order. */
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

/**
 * Signs a browser context in over HTTP, as the sign-in form does; past a second step by a ticket. It has its own
 * session, so that signing out disturbs no other test.
 */
export async function signInContext(
  context: BrowserContext,
  { email, password }: Pick<SignIn, "email" | "password">,
): Promise<void> {
  const answer = await context.request.get("/api/auth/csrf");
  const { csrfToken } = (await answer.json()) as { csrfToken: string };
  const ticket = await secondStepTicket(email);
  const [provider, proof] = ticket
    ? (["ticket", { ticket }] as const)
    : (["credentials", { email, password }] as const);
  await context.request.post(`/api/auth/callback/${provider}`, { form: { csrfToken, json: "true", ...proof } });
  const cookies = await context.cookies();
  if (!cookies.some(({ name }) => name.endsWith("next-auth.session-token")))
    throw new Error("The portal refused the sign-in.");
}

type Fixtures = {
  /** Signs the test's own browser in. */
  signInAs: (who: SignInRole | Pick<SignIn, "email" | "password">) => Promise<void>;
  /** Opens one more browser, signed in as a user or not signed in. */
  anotherBrowser: (
    who?: SignInRole | Pick<SignIn, "email" | "password">,
    options?: BrowserContextOptions,
  ) => Promise<Page>;
  /** Fails the test on any problem that no page may have; always on. */
  watch: Watch;
};

const accountOf = (who: SignInRole | Pick<SignIn, "email" | "password">) =>
  typeof who === "string" ? signInOf(who) : who;

async function openBrowser(
  browser: Browser,
  options: BrowserContextOptions,
  watches: Watch[],
): Promise<BrowserContext> {
  const context = await browser.newContext(options);
  watches.push(watchContext(context, new URL(options.baseURL!).origin));
  return context;
}

/** Playwright's test, with the checks that apply to all pages of the portal. */
export const test = base.extend<Fixtures>({
  watch: [
    async ({ context, baseURL }, provide) => {
      const watch = watchContext(context, new URL(baseURL!).origin);
      await provide(watch);
      expect(watch.problems).toEqual([]);
    },
    { auto: true },
  ],
  signInAs: async ({ context }, provide) => {
    await provide((who) => signInContext(context, accountOf(who)));
  },
  anotherBrowser: async ({ browser, baseURL, locale, timezoneId }, provide) => {
    const watches: Watch[] = [];
    const contexts: BrowserContext[] = [];
    await provide(async (who, options = {}) => {
      const context = await openBrowser(browser, { baseURL, locale, timezoneId, ...options }, watches);
      contexts.push(context);
      if (who) await signInContext(context, accountOf(who));
      return context.newPage();
    });
    for (const context of contexts) await context.close();
    expect(watches.flatMap((watch) => watch.problems)).toEqual([]);
  },
});
