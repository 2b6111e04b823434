import { requestPasswordReset } from "@/lib/access/passwords/request-password-reset";
import { hashPassword } from "@/lib/access/sign-in/passwords";
import { startSession } from "@/lib/access/sign-in/start-session";
import { AppError } from "@/lib/core/errors";
import { newId } from "@/lib/core/new-id";
import { database } from "@/lib/db/client";
import { users } from "@/lib/db/schema";
import type { OperationContext } from "@/lib/operation/operation";
import { median, type BenchRow } from "./bench-row";

const tries = 50;

type Kind = { name: string; columns: Partial<typeof users.$inferInsert> | null };

const nobody: Kind = { name: "nobody", columns: null };
const kinds: Kind[] = [
  { name: "another nobody (noise)", columns: null },
  { name: "an account", columns: {} },
  { name: "a deactivated account", columns: { active: false } },
  { name: "who signs in at the provider", columns: { ssoOnly: true } },
];

const context = (): OperationContext => ({ actor: { type: "anonymous" }, requestId: newId(), ipAddress: null });

/**
 * Measures what a stranger could: how long the answers take for people who have an account and for nobody. Each try has
 * an e-mail of its own, so that no limit answers in its place. A ratio of 1 tells nothing.
 */
export async function benchSignIn(): Promise<BenchRow[]> {
  // Links are sent by mail only; none is sent here.
  Object.assign(process.env, { SMTP_URL: "smtp://127.0.0.1:9", MAIL_FROM: "portal@empresa.example" });
  const signIn = (email: string) =>
    startSession(context(), { email, password: "not the right one" }).catch((error: unknown) => {
      if (!(error instanceof AppError) || error.code !== "invalid_credentials") throw error;
    });
  const reset = (email: string) => requestPasswordReset(context(), { email });
  const rows: BenchRow[] = [];
  for (const [what, work] of [
    ["sign-in with a wrong password", signIn],
    ["request of a new password", reset],
  ] as const)
    for (const kind of kinds) rows.push(await compare(what, work, kind));
  return rows;
}

/** Asks for both in turn; which comes first changes each time. */
async function compare(what: string, work: (email: string) => Promise<unknown>, kind: Kind): Promise<BenchRow> {
  const [known, unknown] = [await emailsOf(kind), await emailsOf(nobody)];
  const times = { known: [] as number[], unknown: [] as number[] };
  for (let index = 0; index < tries; index += 1) {
    const pair = [["known", known[index]!] as const, ["unknown", unknown[index]!] as const];
    for (const [name, email] of index % 2 === 0 ? pair : pair.reverse())
      times[name].push(await milliseconds(() => work(email)));
  }
  const [ours, baseline] = [median(times.known), median(times.unknown)];
  const name = `${what}: ${kind.name} / nobody`;
  return { what: name, unit: "ms", ours, baseline, ratio: ours / baseline, better: "smaller", must: null, aim: null };
}

async function milliseconds(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

let passwordHash: Promise<string> | undefined;

async function emailsOf({ columns }: Kind): Promise<string[]> {
  const emails = Array.from({ length: tries }, () => `${newId()}@empresa.example`);
  if (columns === null) return emails;
  const hash = await (passwordHash ??= hashPassword("jabuticaba-no-telhado-7"));
  const person = (email: string) => ({
    id: newId(),
    ...{ email, name: "Pessoa", role: "auditor" as const, passwordHash: hash },
    ...columns,
  });
  await database().insert(users).values(emails.map(person));
  return emails;
}
