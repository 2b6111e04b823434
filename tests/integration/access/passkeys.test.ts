import { createHash } from "node:crypto";
import { and, eq, isNull, sql } from "drizzle-orm";
import { beforeEach, describe, expect, test } from "vitest";
import { beginPasskeyEnrolment } from "@/lib/access/passkeys/begin-passkey-enrolment";
import { beginPasskeyProof } from "@/lib/access/passkeys/begin-passkey-proof";
import { beginPasskeySignIn } from "@/lib/access/passkeys/begin-passkey-sign-in";
import { beginPasskeyStep } from "@/lib/access/passkeys/begin-passkey-step";
import { completePasskeySignIn } from "@/lib/access/passkeys/complete-passkey-sign-in";
import { completePasskeyStep } from "@/lib/access/passkeys/complete-passkey-step";
import { confirmPasskeyEnrolment } from "@/lib/access/passkeys/confirm-passkey-enrolment";
import { proveByPasskey } from "@/lib/access/passkeys/prove-by-passkey";
import { completeSecondStep } from "@/lib/access/second-factor/complete-second-step";
import { readSecondFactors } from "@/lib/access/second-factor/read-second-factors";
import { removeSecondFactor } from "@/lib/access/second-factor/remove-second-factor";
import { resetSecondFactor } from "@/lib/access/second-factor/reset-second-factor";
import { emptyOldSessions } from "@/lib/access/sessions/empty-old-sessions";
import { startSession } from "@/lib/access/sign-in/start-session";
import { issueSignInTicket } from "@/lib/access/sign-in/sign-in-ticket";
import { startSessionByTicket } from "@/lib/access/sign-in/start-session-by-ticket";
import { readSignInWays } from "@/lib/access/single-sign-on/settings/read-sign-in-ways";
import type { AppError } from "@/lib/core/errors";
import { newId } from "@/lib/core/new-id";
import { database } from "@/lib/db/client";
import { auditEvents, passkeyChallenges, passkeys, sessions, singleSignOn, ssoLogins } from "@/lib/db/schema";
import { listRecordings } from "@/lib/recordings/list-recordings";
import { Authenticator, cbor, type Lies } from "../../support/authenticator";
import { accountMessages } from "../../support/password-links";
import {
  account,
  anonymous,
  changeUser,
  job,
  knownPassword,
  operator,
  signIn,
  signedInAs,
  type Account,
  type SignedIn,
} from "../../support/people";
import { makeProofStale } from "../../support/second-factor";

const origin = "http://localhost:3000";
Object.assign(process.env, {
  ...{ NEXTAUTH_URL: origin, TRUSTED_PROXY_COUNT: "1" },
  ...{ SSO_ISSUER: "https://login.example", SSO_CLIENT_ID: "custodia", SSO_CLIENT_SECRET: "never-used-in-here" },
});

beforeEach(async () => {
  await database().update(singleSignOn).set({ localSignIn: true });
});

type Device = { counter?: number };

/** A person who has set up a passkey. */
async function withPasskey(who: SignedIn, device: Device = {}) {
  const authenticator = new Authenticator(origin, device);
  const enrolled = await enrol(who, authenticator);
  return { ...who, authenticator, ...enrolled };
}

async function enrol(who: SignedIn, authenticator: Authenticator, lies: Lies = {}, name = "Notebook") {
  const context = await who.context();
  const response = authenticator.create(await beginPasskeyEnrolment(context, { name }), lies);
  return confirmPasskeyEnrolment(context, { name, response });
}

/** The password step: the challenge and the factors that it leaves. */
async function passwordStep({ email }: Account) {
  const error = await startSession(anonymous(), { email, password: knownPassword }).then(
    () => expect.fail("a session without a second step"),
    (thrown: unknown) => thrown as AppError,
  );
  return error.details.secondStep!;
}

async function secondStep(who: Account & { authenticator: Authenticator }, lies: Lies = {}) {
  const { challenge } = await passwordStep(who);
  const response = who.authenticator.get(await beginPasskeyStep(anonymous(), { challenge }), lies);
  return completePasskeyStep(anonymous(), { challenge, response });
}

async function alone({ authenticator }: { authenticator: Authenticator }, lies: Lies = {}) {
  const response = authenticator.get(await beginPasskeySignIn(anonymous(), {}), lies);
  return completePasskeySignIn(anonymous(), { response });
}

async function proof(who: SignedIn & { authenticator: Authenticator }, lies: Lies = {}) {
  const context = await who.context();
  return proveByPasskey(context, { response: who.authenticator.get(await beginPasskeyProof(context, {}), lies) });
}

const enter = ({ ticket }: { ticket: string }) => startSessionByTicket(anonymous(), { token: ticket });

const eventsOf = async (userId: string) =>
  (await database().select().from(auditEvents).where(eq(auditEvents.targetId, userId)).orderBy(auditEvents.id)).map(
    ({ action, outcome, details }) => ({ action, outcome, details }),
  );

const actionsOf = async (userId: string) => (await eventsOf(userId)).map(({ action }) => action);

const openSessionsOf = (userId: string) =>
  database().$count(sessions, and(eq(sessions.userId, userId), isNull(sessions.endedAt)));

/** What a person was told of their factors. */
async function mailsOf(userId: string): Promise<string[]> {
  const sent = (await accountMessages(userId)).map(({ template }) => template).reverse();
  return sent.filter((template) => /factor|passkey/.test(template));
}

const expectRefusal = (work: Promise<unknown>, code = "passkey_refused") =>
  expect(work).rejects.toMatchObject({ name: "AppError", code });

const forged: [string, Lies][] = [
  ["of another origin", { origin: "https://portal.example" }],
  ["of the same host at another port", { origin: "http://localhost:3001" }],
  ["of another portal's domain", { rpId: "portal.example" }],
  ["with another challenge", { challenge: "A".repeat(43) }],
  ["without user verification", { isVerified: false }],
  ["without a person there", { isPresent: false }],
  ["asked by a page of another site", { crossOrigin: true }],
  ["of the other ceremony", { type: "payment.get" }],
];

const forgedSignatures: [string, Lies][] = [
  ...forged,
  ["with a wrong signature", { signature: Buffer.alloc(70, 48).toString("base64url") }],
  ["of an unknown credential", { credentialId: "A".repeat(43) }],
  ["that names another person", { userHandle: "A".repeat(22) }],
];

describe("enrolment", () => {
  test("gives the first factor with recovery codes, ends other sessions, and tells the person", async () => {
    const auditor = await signedInAs("auditor");
    const elsewhere = await signIn(auditor);
    const { recoveryCodes, sessionsEnded } = await withPasskey(auditor);
    expect(recoveryCodes).toHaveLength(10);
    expect(sessionsEnded).toBe(1);
    const [ended] = await database().select().from(sessions).where(eq(sessions.id, elsewhere.sessionId));
    expect(ended!.endedAt).not.toBeNull();
    const own = await readSecondFactors(await auditor.context(), {});
    expect(own.passkeys).toMatchObject([{ name: "Notebook", enrolledAt: expect.any(Date) as Date }]);
    const events = await eventsOf(auditor.userId);
    expect(events).toContainEqual(
      expect.objectContaining({ action: "second_factor.enrolled", details: { factor: "passkey", sessionsEnded: 1 } }),
    );
    expect(await mailsOf(auditor.userId)).toEqual(["second_factor_added"]);
    const second = await enrol(auditor, new Authenticator(origin), {}, "Chave USB");
    expect(second.recoveryCodes).toBeNull();
  });

  test("asks for a discoverable, verified passkey without attestation, and names nobody in its handle", async () => {
    const auditor = await withPasskey(await signedInAs("auditor"));
    const options = await beginPasskeyEnrolment(await auditor.context(), { name: "Outra" });
    expect(options).toMatchObject({
      rp: { id: "localhost", name: "Custodia localhost:3000" },
      attestation: "none",
      authenticatorSelection: { residentKey: "required", userVerification: "required" },
      excludeCredentials: [{ id: auditor.authenticator.credentialId, transports: ["internal"] }],
    });
    const handle = Buffer.from(options.user.id, "base64url");
    expect(handle.toString("hex")).toBe(auditor.userId.replaceAll("-", ""));
    expect(Buffer.from(options.challenge, "base64url")).toHaveLength(32);
  });

  test("opens the portal to who needs a second factor", async () => {
    const dpo = await signedInAs("dpo");
    const { totp } = await readSecondFactors(await dpo.context(), {});
    await resetSecondFactor(operator(), { userId: dpo.userId });
    const again = await signIn(dpo);
    await expectRefusal(listRecordings(await again.context(), {}), "second_factor_required");
    await enrol(again, new Authenticator(origin));
    await expect(listRecordings(await again.context(), {})).resolves.toBeDefined();
    expect(totp).not.toBeNull();
  });

  test.each([
    ...forged,
    ["with a key of an algorithm that was not asked for", { algorithm: -38 }],
    ["with the attestation of a certificate", { attestation: ["packed", certified()] }],
    ["with an attestation of another format", { attestation: ["apple", new Map()] }],
  ] as [string, Lies][])("refuses an answer %s", async (_, lies) => {
    const auditor = await signedInAs("auditor");
    await expectRefusal(enrol(auditor, new Authenticator(origin), lies));
    expect((await readSecondFactors(await auditor.context(), {})).passkeys).toEqual([]);
    expect(await eventsOf(auditor.userId)).toContainEqual({
      ...{ action: "second_factor.proof_failed", outcome: "failure", details: { signInMethod: "passkey" } },
    });
  });

  test("refuses a passkey that somebody has already, also oneself", async () => {
    const first = await withPasskey(await signedInAs("auditor"));
    for (const who of [first, await signedInAs("auditor")]) await expectRefusal(enrol(who, first.authenticator));
    expect(await database().$count(passkeys, eq(passkeys.credentialId, first.authenticator.credentialId))).toBe(1);
  });

  test("has room for ten", async () => {
    const auditor = await signedInAs("auditor");
    const context = await auditor.context();
    const late = new Authenticator(origin);
    const waiting = late.create(await beginPasskeyEnrolment(context, { name: "Décima primeira" }));
    for (let made = 0; made < 10; made += 1) await enrol(auditor, new Authenticator(origin));
    await expectRefusal(beginPasskeyEnrolment(context, { name: "Outra" }), "too_many_passkeys");
    await expectRefusal(confirmPasskeyEnrolment(context, { name: "Outra", response: waiting }), "too_many_passkeys");
  });

  test("needs a fresh proof", async () => {
    const auditor = await signedInAs("auditor");
    await makeProofStale(auditor.sessionId);
    await expectRefusal(beginPasskeyEnrolment(await auditor.context(), { name: "Minha" }), "fresh_proof_needed");
  });

  test("refuses a name of two lines before a passkey is made", async () => {
    const { context } = await signedInAs("auditor");
    await expectRefusal(beginPasskeyEnrolment(await context(), { name: "uma\nduas" }), "invalid_input");
  });
});

/** A statement whose certificate the library would follow to the network. */
function certified() {
  const certificates = Buffer.from("not a list of certificates");
  return new Map<string, number | Buffer>([
    ["alg", -7],
    ["sig", Buffer.alloc(8)],
    ["x5c", certificates],
  ]);
}

describe("the second step", () => {
  test("after a sign-in at the provider starts a session that depends on the provider's", async () => {
    const { userId, authenticator } = await withPasskey(await signedInAs("dpo"));
    const ssoLoginId = newId();
    await database().insert(ssoLogins).values({ id: ssoLoginId, userId, confirmedAt: new Date() });
    const ticket = await database().transaction((tx) =>
      issueSignInTicket(tx, { userId, methods: ["sso"], ssoLoginId }),
    );
    const asked = await enter({ ticket }).then(
      () => expect.fail("a session without a second step"),
      (thrown: unknown) => thrown as AppError,
    );
    const { challenge } = asked.details.secondStep!;
    const response = authenticator.get(await beginPasskeyStep(anonymous(), { challenge }));
    const { sessionId } = await enter(await completePasskeyStep(anonymous(), { challenge, response }));
    const [session] = await database().select().from(sessions).where(eq(sessions.id, sessionId));
    expect(session).toMatchObject({ methods: ["sso", "passkey"], ssoLoginId });
  });

  test("by a passkey starts a session that says how, beside the recovery codes", async () => {
    const auditor = await withPasskey(await signedInAs("auditor"));
    const { challenge, factors } = await passwordStep(auditor);
    expect(factors).toEqual(["passkey"]);
    const options = await beginPasskeyStep(anonymous(), { challenge });
    expect(options).toMatchObject({ rpId: "localhost", userVerification: "required" });
    expect(options.allowCredentials).toMatchObject([{ id: auditor.authenticator.credentialId }]);
    const { sessionId } = await enter(await secondStep(auditor));
    const [session] = await database().select().from(sessions).where(eq(sessions.id, sessionId));
    expect(session!.methods).toEqual(["password", "passkey"]);
    const code = auditor.recoveryCodes![0]!;
    await expect(completeSecondStep(anonymous(), { challenge, method: "recovery_code", code })).resolves.toBeDefined();
  });

  test.each(forgedSignatures)("refuses an answer %s", async (_, lies) => {
    const auditor = await withPasskey(await signedInAs("auditor"));
    const sessionsBefore = await openSessionsOf(auditor.userId);
    await expectRefusal(secondStep(auditor, lies));
    expect(await openSessionsOf(auditor.userId)).toBe(sessionsBefore);
    expect((await eventsOf(auditor.userId)).at(-1)).toEqual({
      ...{ action: "second_factor.proof_failed", outcome: "failure", details: { signInMethod: "passkey" } },
    });
    await expect(secondStep(auditor)).resolves.toBeDefined();
  });

  test("refuses another person's passkey", async () => {
    const [mine, theirs] = [await withPasskey(await signedInAs("auditor")), await withPasskey(await signedInAs("dpo"))];
    await expectRefusal(secondStep({ ...mine, authenticator: theirs.authenticator }));
  });

  test("is not asked of who has no passkey, nor without the password", async () => {
    const dpo = await account("dpo");
    const { challenge } = await passwordStep(dpo);
    await expectRefusal(beginPasskeyStep(anonymous(), { challenge }), "not_found");
    await expectRefusal(beginPasskeyStep(anonymous(), { challenge: "A".repeat(43) }), "sign_in_expired");
  });
});

describe("a challenge", () => {
  test("is good for one answer, also a wrong one", async () => {
    const auditor = await withPasskey(await signedInAs("auditor"));
    for (const lies of [{}, { isVerified: false }]) {
      const options = await beginPasskeySignIn(anonymous(), {});
      const first = completePasskeySignIn(anonymous(), { response: auditor.authenticator.get(options, lies) });
      await first.catch(() => undefined);
      await expectRefusal(completePasskeySignIn(anonymous(), { response: auditor.authenticator.get(options) }));
    }
  });

  test("of ten parallel answers lets one in", async () => {
    const { authenticator } = await withPasskey(await signedInAs("auditor"));
    const options = await beginPasskeySignIn(anonymous(), {});
    const answers = Array.from({ length: 10 }, () => authenticator.get(options));
    const ended = await Promise.allSettled(answers.map((response) => completePasskeySignIn(anonymous(), { response })));
    expect(ended.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  });

  test("lives five minutes by the database's clock, and is then deleted", async () => {
    const { authenticator } = await withPasskey(await signedInAs("auditor"));
    const options = await beginPasskeySignIn(anonymous(), {});
    const challengeDigest = createHash("sha256").update(`sign_in\n\n\n${options.challenge}`).digest();
    const own = eq(passkeyChallenges.challengeDigest, challengeDigest);
    const aged = (by: string) =>
      database()
        .update(passkeyChallenges)
        .set({ expiresAt: sql`${passkeyChallenges.createdAt} + ${by}::interval` })
        .where(own);
    const [row] = await database()
      .select({ seconds: sql<number>`extract(epoch from expires_at - created_at)::float` })
      .from(passkeyChallenges)
      .where(own);
    expect(Math.round(row!.seconds)).toBe(300);
    await emptyOldSessions(job("account"), {});
    expect(await database().$count(passkeyChallenges, own)).toBe(1);
    await aged("-1 second");
    await expectRefusal(completePasskeySignIn(anonymous(), { response: authenticator.get(options) }));
    await emptyOldSessions(job("account"), {});
    expect(await database().$count(passkeyChallenges, own)).toBe(0);
  });

  test("is good for one use: the four answer each other in no pair", async () => {
    const auditor = await withPasskey(await signedInAs("auditor"));
    const { challenge } = await passwordStep(auditor);
    const context = await auditor.context();
    const begin = {
      step: () => beginPasskeyStep(anonymous(), { challenge }),
      alone: () => beginPasskeySignIn(anonymous(), {}),
      proof: () => beginPasskeyProof(context, {}),
      enrolment: async () => ({ challenge: (await beginPasskeyEnrolment(context, { name: "Outra" })).challenge }),
    };
    const answer = {
      step: (response: string) => completePasskeyStep(anonymous(), { challenge, response }),
      alone: (response: string) => completePasskeySignIn(anonymous(), { response }),
      proof: (response: string) => proveByPasskey(context, { response }),
    };
    for (const [asked, options] of Object.entries(begin))
      for (const [use, finish] of Object.entries(answer))
        if (asked !== use) await expectRefusal(finish(auditor.authenticator.get(await options())));
  });

  test("is of one session, one sign-in and one person", async () => {
    const auditor = await withPasskey(await signedInAs("auditor"));
    const [other, stranger] = [await signIn(auditor), await withPasskey(await signedInAs("auditor"))];
    const asked = await beginPasskeyProof(await other.context(), {});
    for (const who of [auditor, stranger])
      await expectRefusal(proveByPasskey(await who.context(), { response: auditor.authenticator.get(asked) }));
    const [first, second] = [await passwordStep(auditor), await passwordStep(auditor)];
    const step = await beginPasskeyStep(anonymous(), { challenge: first.challenge });
    const response = auditor.authenticator.get(step);
    await expectRefusal(completePasskeyStep(anonymous(), { challenge: second.challenge, response }));
    const made = await beginPasskeyEnrolment(await stranger.context(), { name: "Alheia" });
    const named = { name: "Alheia", response: new Authenticator(origin).create(made) };
    await expectRefusal(confirmPasskeyEnrolment(await auditor.context(), named));
  });

  test("is stored as a digest alone", async () => {
    const { challenge } = await beginPasskeySignIn(anonymous(), {});
    const rows = await database().execute(sql`select to_jsonb(c)::text as row from passkey_challenges as c
      union all select to_jsonb(e)::text from audit_events as e`);
    for (const form of ["base64url", "hex"] as const)
      expect(JSON.stringify(rows)).not.toContain(Buffer.from(challenge, "base64url").toString(form));
  });
});

describe("a sign-in with a passkey alone", () => {
  test("starts a session without a password, on a device that is then known", async () => {
    const dpo = await withPasskey(await signedInAs("dpo"));
    const options = await beginPasskeySignIn(anonymous(), {});
    expect(options).toMatchObject({ rpId: "localhost", userVerification: "required" });
    expect(options.allowCredentials ?? []).toEqual([]);
    const { ticket } = await alone(dpo);
    const { sessionId, userId, deviceToken } = await enter({ ticket });
    expect(userId).toBe(dpo.userId);
    expect(deviceToken).toMatch(/^[\w-]{43}$/);
    const [session] = await database().select().from(sessions).where(eq(sessions.id, sessionId));
    expect(session!.methods).toEqual(["passkey"]);
    expect((await eventsOf(dpo.userId)).at(-1)).toMatchObject({
      ...{ action: "session.started", details: { signInMethods: ["passkey"] } },
    });
    await expectRefusal(enter({ ticket }), "sign_in_expired");
    const { passkeys: own } = await readSecondFactors(await dpo.context(), {});
    expect(own[0]!.lastUsedAt!.getTime()).toBeGreaterThan(own[0]!.enrolledAt.getTime());
  });

  test.each([...forgedSignatures, ["that names nobody", { userHandle: null }] as [string, Lies]])(
    "refuses an answer %s",
    async (_, lies) => {
      const auditor = await withPasskey(await signedInAs("auditor"));
      const before = await database().$count(auditEvents, eq(auditEvents.action, "session.start_failed"));
      await expectRefusal(alone(auditor, lies));
      expect(await database().$count(auditEvents, eq(auditEvents.action, "session.start_failed"))).toBe(before + 1);
    },
  );

  test("is refused to who is not active any more, and open again afterwards", async () => {
    const auditor = await withPasskey(await signedInAs("auditor"));
    await changeUser(auditor.userId, { active: false });
    await expectRefusal(alone(auditor));
    expect((await eventsOf(auditor.userId)).at(-1)).toMatchObject({
      ...{ action: "session.start_failed", outcome: "failure" },
    });
    await changeUser(auditor.userId, { active: true });
    await expect(alone(auditor)).resolves.toBeDefined();
  });

  test("with local sign-in off is for emergency access alone", async () => {
    const [auditor, admin] = [
      await withPasskey(await signedInAs("auditor")),
      await withPasskey(await signedInAs("admin")),
    ];
    await changeUser(admin.userId, { breakGlass: true });
    await database().update(singleSignOn).set({ localSignIn: false });
    await expectRefusal(alone(auditor), "local_sign_in_off");
    await expect(alone(admin).then(enter)).resolves.toBeDefined();
    await database().update(singleSignOn).set({ localSignIn: true });
    await expect(alone(auditor).then(enter)).resolves.toBeDefined();
  });

  test("does not go round the provider of who signs in there only, whose fresh proof it gives", async () => {
    const auditor = await withPasskey(await signedInAs("auditor"));
    await changeUser(auditor.userId, { ssoOnly: true });
    await expectRefusal(alone(auditor), "local_sign_in_off");
    await expect(proof(auditor)).resolves.toEqual({ method: "passkey" });
  });

  test("is limited for each address", async () => {
    const from = (ipAddress: string) => beginPasskeySignIn({ ...anonymous(), ipAddress }, {});
    for (let asked = 0; asked < 200; asked += 1) await from("198.51.100.7");
    await expect(from("198.51.100.7")).rejects.toMatchObject({
      ...{ code: "too_many_requests", details: { retryAfterSeconds: expect.any(Number) as number } },
    });
    await expect(from("198.51.100.8")).resolves.toBeDefined();
  });
});

describe("a fresh proof", () => {
  test("by a passkey lets its session do for ten minutes what needs one", async () => {
    const auditor = await withPasskey(await signedInAs("auditor"));
    const elsewhere = await signIn(auditor);
    for (const { sessionId } of [auditor, elsewhere]) await makeProofStale(sessionId);
    await expectRefusal(beginPasskeyEnrolment(await auditor.context(), { name: "Outra" }), "fresh_proof_needed");
    await proof(auditor);
    await expect(beginPasskeyEnrolment(await auditor.context(), { name: "Outra" })).resolves.toBeDefined();
    expect((await elsewhere.context()).actor.hasFreshProof).toBe(false);
    expect((await eventsOf(auditor.userId)).at(-1)).toMatchObject({
      ...{ action: "second_factor.proof_given", details: { signInMethod: "passkey" } },
    });
    await makeProofStale(auditor.sessionId);
    expect((await auditor.context()).actor.hasFreshProof).toBe(false);
  });

  test.each(forgedSignatures)("refuses an answer %s", async (_, lies) => {
    const auditor = await withPasskey(await signedInAs("auditor"));
    await makeProofStale(auditor.sessionId);
    await expectRefusal(proof(auditor, lies));
    expect((await auditor.context()).actor.hasFreshProof).toBe(false);
  });

  test("is not asked of who has no passkey", async () => {
    const { context } = await signedInAs("dpo");
    await expectRefusal(beginPasskeyProof(await context(), {}), "not_found");
  });
});

describe("the counter of an authenticator", () => {
  test.each([
    ["alone", alone],
    ["as second step", secondStep],
    ["as proof", proof],
  ] as const)("that goes back is refused %s, with an event and a mail to the person", async (_, use) => {
    const auditor = await withPasskey(await signedInAs("auditor"), { counter: 7 });
    await use(auditor);
    const counter = auditor.authenticator.counter;
    for (const again of [counter, counter - 1, 0]) await expectRefusal(use(auditor, { counter: again }));
    const refused = (await eventsOf(auditor.userId)).filter(({ action }) => action.endsWith("counter_refused"));
    expect(refused).toHaveLength(3);
    expect(refused[0]).toMatchObject({ outcome: "denied" });
    expect((await mailsOf(auditor.userId)).filter((mail) => mail === "passkey_counter_refused")).toHaveLength(3);
    await expect(use(auditor)).resolves.toBeDefined();
  });

  test("is judged after the signature: a stranger warns nobody", async () => {
    const auditor = await withPasskey(await signedInAs("auditor"), { counter: 7 });
    await expectRefusal(alone(auditor, { counter: 1, signature: Buffer.alloc(70, 48).toString("base64url") }));
    expect(await actionsOf(auditor.userId)).not.toContain("second_factor.counter_refused");
  });

  test("of a synchronised passkey stays 0", async () => {
    const auditor = await withPasskey(await signedInAs("auditor"));
    for (let use = 0; use < 3; use += 1) await expect(alone(auditor)).resolves.toBeDefined();
    const [row] = await database().select().from(passkeys).where(eq(passkeys.userId, auditor.userId));
    expect(row).toMatchObject({ counter: 0, isBackedUp: true });
  });
});

describe("removal", () => {
  test("ends a passkey at once, with event and mail; never another person's", async () => {
    const auditor = await withPasskey(await signedInAs("auditor"));
    const other = await withPasskey(await signedInAs("auditor"));
    const { passkeys: own } = await readSecondFactors(await auditor.context(), {});
    const removal = { factor: "passkey" as const, id: own[0]!.id };
    await expectRefusal(removeSecondFactor(await other.context(), removal), "not_found");
    await removeSecondFactor(await auditor.context(), removal);
    await expectRefusal(alone(auditor));
    await expect(alone(other)).resolves.toBeDefined();
    expect(await actionsOf(auditor.userId)).toContain("second_factor.removed");
    expect(await mailsOf(auditor.userId)).toEqual(["second_factor_added", "second_factor_removed"]);
  });

  test("of the last factor is refused where the role needs one, of one of two it is not", async () => {
    const dpo = await withPasskey(await signedInAs("dpo"));
    const { totp, passkeys: own } = await readSecondFactors(await dpo.context(), {});
    await removeSecondFactor(await dpo.context(), { factor: "totp", id: totp!.id });
    const last = removeSecondFactor(await dpo.context(), { factor: "passkey", id: own[0]!.id });
    await expectRefusal(last, "last_second_factor");
    await expect(alone(dpo)).resolves.toBeDefined();
  });

  test("by an administrator's reset ends it too", async () => {
    const auditor = await withPasskey(await signedInAs("auditor"));
    await resetSecondFactor(operator(), { userId: auditor.userId });
    await expectRefusal(alone(auditor));
  });
});

describe("an answer of another shape", () => {
  const answer = (changes: object) => {
    const options = { challenge: "A".repeat(43) };
    const sent = JSON.parse(new Authenticator(origin).get(options)) as { response: object };
    return JSON.stringify({ ...sent, ...changes });
  };
  const withResponse = (changes: object) => {
    const sent = JSON.parse(answer({})) as { response: object };
    return JSON.stringify({ ...sent, response: { ...sent.response, ...changes } });
  };
  const encoded = (text: string) => Buffer.from(text).toString("base64url");

  test.each([
    ["no JSON", "{"],
    ["a number", "7"],
    ["null", "null"],
    ["a deep list", "[".repeat(15_000)],
    ["too long", answer({ padding: "A".repeat(40_000) })],
    ["an empty object", "{}"],
    ["an id of another alphabet", answer({ id: "não" })],
    ["an id that is too long", answer({ id: "A".repeat(1365) })],
    ["another type", answer({ type: "password" })],
    ["a response that is a list", answer({ response: [] })],
    ["an empty signature", withResponse({ signature: "" })],
    ["a signature that is a number", withResponse({ signature: 7 })],
    ["client data without JSON", withResponse({ clientDataJSON: encoded("hello") })],
    ["client data that is null", withResponse({ clientDataJSON: encoded("null") })],
    ["client data without a challenge", withResponse({ clientDataJSON: encoded("{}") })],
    ["client data with a challenge that is a list", withResponse({ clientDataJSON: encoded('{"challenge":[]}') })],
  ])("is malformed: %s", async (_, response) => {
    const auditor = await signedInAs("auditor");
    const named = { name: "Nome", response };
    const context = await auditor.context();
    for (const work of [
      () => completePasskeySignIn(anonymous(), { response }),
      () => proveByPasskey(context, { response }),
      () => confirmPasskeyEnrolment(context, named),
    ])
      await expect(work()).rejects.toMatchObject({ code: "malformed_request", status: 400 });
  });

  test.each([
    ["empty bytes", "AA"],
    [
      "CBOR that ends early",
      cbor(new Map([["fmt", "none"]]))
        .subarray(0, 4)
        .toString("base64url"),
    ],
    ["a map without data", cbor(new Map([["fmt", "none"]])).toString("base64url")],
    ["a number", cbor(7).toString("base64url")],
  ])("is refused if its attestation is %s", async (_, attestationObject) => {
    const auditor = await signedInAs("auditor");
    const context = await auditor.context();
    const options = await beginPasskeyEnrolment(context, { name: "Nome" });
    const sent = JSON.parse(new Authenticator(origin).create(options)) as { response: object };
    const response = JSON.stringify({ ...sent, response: { ...sent.response, attestationObject } });
    await expectRefusal(confirmPasskeyEnrolment(context, { name: "Nome", response }));
  });

  test.each(["AA", Buffer.alloc(36).toString("base64url"), Buffer.alloc(4000, 255).toString("base64url")])(
    "is refused if its authenticator data is %s",
    async (authenticatorData) => {
      const auditor = await withPasskey(await signedInAs("auditor"));
      const options = await beginPasskeySignIn(anonymous(), {});
      const sent = JSON.parse(auditor.authenticator.get(options)) as { response: object };
      const response = JSON.stringify({ ...sent, response: { ...sent.response, authenticatorData } });
      await expectRefusal(completePasskeySignIn(anonymous(), { response }));
    },
  );
});

test("the sign-in page of a portal with a domain offers passkeys", async () => {
  expect(await readSignInWays(anonymous(), {})).toMatchObject({ hasPasskeys: true });
});
