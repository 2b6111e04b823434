import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startDatabaseProxy, type DatabaseProxy } from "../../support/database-proxy";

/**
 * Who does not know whether somebody has an account must not learn it by the time of an answer. No test measures time:
 * the statements of both answers are compared, within the quota of events, and `npm run bench -- sign-in` measures
 * them. Beyond the quota an unknown name writes no event, and an account still does.
 */
const proxy: DatabaseProxy = await startDatabaseProxy(process.env.DATABASE_URL!);
Object.assign(process.env, {
  DATABASE_URL: proxy.url,
  MAIL_FROM: "portal@empresa.example",
  SMTP_URL: "smtp://127.0.0.1:9",
});
afterAll(() => proxy.close());

type Support = typeof import("../../support/people");
type Operations = Record<"signIn" | "reset", (email: string) => Promise<unknown>>;

let support: Support;
let operations: Operations;
let emails: Record<string, string>;

beforeAll(async () => {
  support = await import("../../support/people");
  const { startSession } = await import("@/lib/access/sign-in/start-session");
  const { requestPasswordReset } = await import("@/lib/access/passwords/request-password-reset");
  operations = {
    signIn: (email) => startSession(support.anonymous(), { email, password: "not the right one" }),
    reset: (email) => requestPasswordReset(support.anonymous(), { email }),
  };
  emails = {
    "with an account": (await support.account("auditor")).email,
    "with a second factor": (await support.account("dpo")).email,
    "with a deactivated account": (await support.account("auditor", [], { active: false })).email,
    "who signs in at the provider": (await support.account("auditor", [], { ssoOnly: true })).email,
  };
});

/** Texts without their values: what the database is asked, in its order. */
async function statementsOf(work: () => Promise<unknown>) {
  proxy.takeStatements();
  const answer = await work().then(
    () => "done",
    (error: { code?: string }) => error.code,
  );
  return { answer, statements: proxy.takeStatements() };
}

const people = [
  "with an account",
  "with a second factor",
  "with a deactivated account",
  "who signs in at the provider",
];

describe.each(["signIn", "reset"] as const)("the statements of %s", (name) => {
  test.each(people)("of a person %s are those of nobody", async (kind) => {
    const of = (email: string) => statementsOf(() => operations[name](email));
    // The first of a process also prepares what it keeps.
    await of("primeira@empresa.example");
    const [known, unknown] = [await of(emails[kind]!), await of(`ninguem-${kind.length}@empresa.example`)];
    expect(known).toEqual(unknown);
    expect(known.statements.length).toBeGreaterThan(2);
    expect(known.answer).toBe(name === "signIn" ? "invalid_credentials" : "done");
  });
});

test("the right password does other work: the comparison can fail", async () => {
  const { startSession } = await import("@/lib/access/sign-in/start-session");
  const { email } = await support.account("auditor");
  const right = await statementsOf(() => startSession(support.anonymous(), { email, password: support.knownPassword }));
  const wrong = await statementsOf(() => operations.signIn(email));
  expect(right.answer).toBe("done");
  expect(right.statements).not.toEqual(wrong.statements);
});
