import { eq } from "drizzle-orm";
import { describe, expect, test } from "vitest";
import { beginTotpEnrolment } from "@/lib/access/second-factor/begin-totp-enrolment";
import { proveIdentity } from "@/lib/access/second-factor/prove-identity";
import { database } from "@/lib/db/client";
import { auditEvents, sessions } from "@/lib/db/schema";
import { knownPassword, signIn, signedInAs } from "../../support/people";
import { codeOf, giveSecondFactor, knownTotpSecret, makeProofStale, prolongWait } from "../../support/second-factor";

const proofsOf = async (userId: string) =>
  (await database().select().from(auditEvents).where(eq(auditEvents.targetId, userId)))
    .filter(({ action }) => action.startsWith("second_factor.proof"))
    .map(({ action, outcome, details }) => [action, outcome, details.signInMethod]);

describe("a proof older than ten minutes", () => {
  test("refuses what needs a fresh one, and the code of the app renews it for that session alone", async () => {
    const who = await signedInAs("dpo");
    const elsewhere = await signIn(who);
    for (const { sessionId } of [who, elsewhere]) await makeProofStale(sessionId);
    const work = async () => beginTotpEnrolment(await who.context(), {});
    await expect(work()).rejects.toMatchObject({ code: "fresh_proof_needed", status: 403 });
    await proveIdentity(await who.context(), { method: "totp", code: await codeOf() });
    await expect(work()).resolves.toBeDefined();
    const other = beginTotpEnrolment(await elsewhere.context(), {});
    await expect(other).rejects.toMatchObject({ code: "fresh_proof_needed" });
    expect(await proofsOf(who.userId)).toEqual([["second_factor.proof_given", "success", "totp"]]);
  });

  test("is ten minutes by the database's clock", async () => {
    const who = await signedInAs("dpo");
    const at = (minutes: number) =>
      database()
        .update(sessions)
        .set({ provedAt: new Date(Date.now() - minutes * 60_000) })
        .where(eq(sessions.id, who.sessionId));
    await at(9.5);
    expect((await who.context()).actor.hasFreshProof).toBe(true);
    await at(10.5);
    expect((await who.context()).actor.hasFreshProof).toBe(false);
  });
});

describe("proving again who one is", () => {
  test("refuses a code that was used or is wrong, and counts it", async () => {
    const who = await signedInAs("dpo");
    await makeProofStale(who.sessionId);
    const code = await codeOf();
    await proveIdentity(await who.context(), { method: "totp", code });
    await makeProofStale(who.sessionId);
    for (const wrong of [code, "000000", "000000", "000000"])
      await expect(proveIdentity(await who.context(), { method: "totp", code: wrong })).rejects.toMatchObject({
        code: "wrong_code",
      });
    await prolongWait(who.userId);
    const right = { method: "totp" as const, code: await codeOf(knownTotpSecret, 1) };
    await expect(proveIdentity(await who.context(), right)).rejects.toMatchObject({ code: "locked" });
    expect((await who.context()).actor.hasFreshProof).toBe(false);
    expect((await proofsOf(who.userId)).at(-1)).toEqual(["second_factor.proof_failed", "denied", "totp"]);
  });

  test("by the password only without a second factor", async () => {
    const who = await signedInAs("auditor");
    await makeProofStale(who.sessionId);
    const password = async (typed: string) =>
      proveIdentity(await who.context(), { method: "password", password: typed });
    await expect(password("wrong-password")).rejects.toMatchObject({ code: "invalid_credentials" });
    expect((await who.context()).actor.hasFreshProof).toBe(false);
    await password(knownPassword);
    expect((await who.context()).actor.hasFreshProof).toBe(true);
    await giveSecondFactor(who.userId);
    await makeProofStale(who.sessionId);
    await expect(password(knownPassword)).rejects.toMatchObject({ code: "forbidden" });
    expect((await who.context()).actor.hasFreshProof).toBe(false);
  });
});
