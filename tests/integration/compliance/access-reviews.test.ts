import { eq } from "drizzle-orm";
import { beforeEach, describe, expect, it } from "vitest";
import { deactivateUser } from "@/lib/access/users/deactivate-user";
import { confirmUnit, decideAccess } from "@/lib/compliance/access-reviews/decide-access";
import { keepAccessReviews } from "@/lib/compliance/access-reviews/keep-access-reviews";
import { listAccessDecisions } from "@/lib/compliance/reports/list-access-decisions";
import { readAccessReview } from "@/lib/compliance/access-reviews/read-access-review";
import { newId } from "@/lib/core/new-id";
import { startOfDay, today } from "@/lib/core/time";
import { database } from "@/lib/db/client";
import { accessReviewEntries, accessReviews, messages, users } from "@/lib/db/schema";
import { contextOf, eventsOf, expectRefusal, isOpen, person, unit, type Person } from "../../support/actors";

let [admin, dpo, auditor, one, both]: Person[] = [];
let [unitId, otherId]: string[] = [];
const reviewer = () => contextOf({ type: "job", name: "access-review" });
const keep = (day?: string) => keepAccessReviews(reviewer(), { day });

/** Each test has a quarter of its own, and the people of the others are gone. */
let year = 2030;

beforeEach(async () => {
  await database().update(users).set({ active: false });
  [admin, dpo, auditor] = [await person("admin"), await person("dpo"), await person("auditor")];
  [unitId, otherId] = [await unit(), await unit()];
  one = await person("supervisor", { unitIds: [unitId!] });
  both = await person("supervisor", { unitIds: [unitId!, otherId!] });
  await person("admin");
  year += 1;
});

async function opened(): Promise<string> {
  expect(await keep(`${year}-05-20`)).toMatchObject({ opened: true });
  const [review] = await database()
    .select()
    .from(accessReviews)
    .where(eq(accessReviews.quarter, `${year}-04-01`));
  return review!.id;
}

async function shown(reviewId: string, who: Person) {
  const review = await readAccessReview(contextOf(auditor!.actor), { reviewId });
  return review!.rows.find(({ person: { id } }) => id === who.userId)!;
}

async function decide(
  by: Person,
  who: Person,
  reviewId: string,
  given: Partial<Parameters<typeof decideAccess>[1]> = {},
) {
  const context = contextOf(by.actor);
  const { version } = (await shown(reviewId, who)).person;
  await decideAccess(context, { reviewId, userId: who.userId, version, decision: "confirmed", ...given });
  return eventsOf(context);
}

describe("a review of access", () => {
  it("begins once a quarter with everybody who is active, and tells who decides", async () => {
    const context = reviewer();
    expect(await keepAccessReviews(context, { day: `${year}-04-01` })).toEqual({ opened: true, ended: 0 });
    const [event] = await eventsOf(context);
    expect(event).toMatchObject({
      ...{ action: "access_review.opened", targetType: "access_review" },
      details: { quarter: `${year}-04-01`, people: 6, dueOn: `${year}-05-01` },
    });
    const told = await database().select().from(messages).where(eq(messages.referenceId, event!.targetId!));
    expect(told.map(({ template }) => template)).toEqual(Array(3).fill("access_review_opened"));
    const results = await Promise.all([keep(`${year}-06-30`), keep(`${year}-06-30`)]);
    expect(results.map((result) => result.opened)).toEqual([false, false]);
    expect(await keep(`${year}-07-01`)).toMatchObject({ opened: true });
  });

  it("does not begin before anybody used the portal for a quarter", async () => {
    expect(await keep("2020-05-20")).toMatchObject({ opened: false });
  });

  it("shows role, units and last sign-in as they are now", async () => {
    const reviewId = await opened();
    const row = await shown(reviewId, both!);
    expect(row).toMatchObject({ decision: null, person: { role: "supervisor", active: true } });
    expect(row.person.units.map(({ id }) => id).toSorted()).toEqual([unitId, otherId].toSorted());
    expect(row.person.lastSignInAt).toBeInstanceOf(Date);
    expect((await readAccessReview(contextOf(dpo!.actor), { reviewId }))!.rights.supervisor).toContain(
      "recording:play",
    );
  });

  it("confirms a person, with who, when and what was confirmed; once", async () => {
    const reviewId = await opened();
    const events = await decide(dpo!, one!, reviewId);
    expect(events).toMatchObject([
      {
        ...{ action: "access_review.decided", targetId: one!.userId },
        details: { accessDecision: "confirmed", role: "supervisor", unitIds: [unitId] },
      },
    ]);
    expect(await shown(reviewId, one!)).toMatchObject({ decision: "confirmed", decidedBy: "Pessoa dpo" });
    expect(await decide(admin!, one!, reviewId, { decision: "deactivated" })).toEqual([]);
    expect(await isOpen(one!.actor.sessionId)).toBe(true);
  });

  it("is not decided on by the person it is about, whatever the role, also not with a unit", async () => {
    const reviewId = await opened();
    await expectRefusal(decide(admin!, admin!, reviewId), "own_role");
    await expectRefusal(decide(dpo!, dpo!, reviewId), "own_role");
    await expectRefusal(decide(auditor!, one!, reviewId), "forbidden");
    const own = database()
      .update(accessReviewEntries)
      .set({ decision: "confirmed", role: "dpo", decidedById: dpo!.userId, decidedAt: new Date() })
      .where(eq(accessReviewEntries.userId, dpo!.userId));
    await expect(own).rejects.toThrow();
  });

  it("withdraws: the person is deactivated and their sessions end", async () => {
    const reviewId = await opened();
    const events = await decide(dpo!, one!, reviewId, { decision: "deactivated" });
    expect(events.map(({ action }) => action)).toEqual(["access_review.decided", "user.deactivated"]);
    expect(await isOpen(one!.actor.sessionId)).toBe(false);
    expect(await shown(reviewId, one!)).toMatchObject({ decision: "deactivated", person: { active: false } });
  });

  it("withdraws units that are not kept, and not the last one", async () => {
    const reviewId = await opened();
    const none = decide(dpo!, both!, reviewId, { keptUnitIds: [""] });
    await expectRefusal(none, "invalid_input", { unitIds: "units_required" });
    const events = await decide(dpo!, both!, reviewId, { keptUnitIds: ["", unitId!, newId()] });
    expect(events).toMatchObject([
      { action: "access_review.decided", details: { accessDecision: "units_removed" } },
      { action: "user.updated", details: { unitIdsRemoved: [otherId], unitIdsAdded: [] } },
    ]);
    expect((await shown(reviewId, both!)).person.units.map(({ id }) => id)).toEqual([unitId]);
  });

  it("refuses a decision on a person who was changed since, or is not in it", async () => {
    const reviewId = await opened();
    const version = new Date(0).toISOString();
    await expectRefusal(decide(dpo!, one!, reviewId, { version }), "conflict");
    const late = await person("auditor");
    const { version: now } = (await shown(reviewId, one!)).person;
    const decision = { reviewId, userId: late.userId, version: now, decision: "confirmed" as const };
    const [{ createdAt }] = (await database().select().from(users).where(eq(users.id, late.userId))) as [
      typeof users.$inferSelect,
    ];
    const outside = decideAccess(contextOf(dpo!.actor), { ...decision, version: createdAt.toISOString() });
    await expectRefusal(outside, "not_found");
  });

  it("confirms a unit at once, but nobody who was changed meanwhile", async () => {
    const reviewId = await opened();
    const seenAt = new Date().toISOString();
    const changed = { updatedAt: new Date(Date.now() + 60_000) };
    await database().update(users).set(changed).where(eq(users.id, both!.userId));
    const context = contextOf(dpo!.actor);
    expect(await confirmUnit(context, { reviewId, unitId: unitId!, seenAt })).toEqual({ confirmed: 1 });
    expect((await eventsOf(context)).map(({ targetId }) => targetId)).toEqual([one!.userId]);
    expect((await shown(reviewId, both!)).decision).toBeNull();
  });

  it("ends when everybody who is still active has a decision, and takes none afterwards", async () => {
    const reviewId = await opened();
    for (const who of (await readAccessReview(contextOf(dpo!.actor), { reviewId }))!.rows.map(
      ({ person: { id } }) => id,
    )) {
      const { version } = (await shown(reviewId, { userId: who } as Person)).person;
      if (who === both!.userId) await deactivateUser(contextOf(admin!.actor), { userId: who });
      else
        await decideAccess(contextOf((who === dpo!.userId ? admin! : dpo!).actor), {
          ...{ reviewId, userId: who, version, decision: "confirmed" },
        });
    }
    await keep(`${year}-05-21`);
    const [review] = await database().select().from(accessReviews).where(eq(accessReviews.id, reviewId));
    expect(review!.endedAt).not.toBeNull();
    await expectRefusal(decide(dpo!, one!, reviewId), "conflict");
  });

  it("stands in the report of the period", async () => {
    const reviewId = await opened();
    await decide(dpo!, one!, reviewId);
    const rows = await listAccessDecisions(reviewer(), { from: today(), to: today() });
    expect(rows.find(({ userId }) => userId === one!.userId)).toMatchObject({
      ...{ quarter: `${year}-04-01`, decision: "confirmed", decidedBy: "Pessoa dpo", role: "supervisor" },
      unitNames: [expect.stringContaining("Unidade")],
    });
    const tomorrow = today(startOfDay(today(), 1));
    expect(await listAccessDecisions(reviewer(), { from: tomorrow, to: tomorrow })).toEqual([]);
  });

  it("is overdue after its last day", async () => {
    const reviewId = await opened();
    const overdue = async () => (await readAccessReview(contextOf(dpo!.actor), { reviewId }))!.isOverdue;
    expect(await overdue()).toBe(false);
    await database().update(accessReviews).set({ dueOn: "2026-01-01" }).where(eq(accessReviews.id, reviewId));
    expect(await overdue()).toBe(true);
  });
});
