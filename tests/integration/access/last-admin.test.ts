import { and, eq, ne } from "drizzle-orm";
import { beforeEach, expect, test } from "vitest";
import { database } from "@/lib/db/client";
import { users } from "@/lib/db/schema";
import { deactivateUser } from "@/lib/access/users/deactivate-user";
import { updateUser } from "@/lib/access/users/update-user";
import { contextOf, eventsOf, expectRefusal, person, type Person } from "../../support/actors";

beforeEach(async () => {
  await database().update(users).set({ active: false }).where(ne(users.active, false));
});

const activeAdmins = () => database().$count(users, and(eq(users.role, "admin"), eq(users.active, true)));

async function demotion(by: Person, { userId }: Person) {
  const [user] = await database()
    .select({ updatedAt: users.updatedAt, createdAt: users.createdAt })
    .from(users)
    .where(eq(users.id, userId));
  const context = contextOf(by.actor);
  return {
    context,
    run: () =>
      updateUser(context, {
        userId,
        version: (user!.updatedAt ?? user!.createdAt).toISOString(),
        name: "Pessoa admin",
        role: "dpo",
      }),
  };
}

test("the last admin can neither demote nor deactivate themselves; of two admins one can be removed", async () => {
  const only = await person("admin");
  await expectRefusal((await demotion(only, only)).run(), "last_admin");
  await expectRefusal(deactivateUser(contextOf(only.actor), { userId: only.userId }), "last_admin");
  expect(await activeAdmins()).toBe(1);

  const second = await person("admin");
  const context = contextOf(only.actor);
  await deactivateUser(context, { userId: second.userId });
  expect(await eventsOf(context)).toMatchObject([{ action: "user.deactivated", targetId: second.userId }]);
  await expectRefusal(deactivateUser(contextOf(only.actor), { userId: only.userId }), "last_admin");
});

test("one admin stays when two demote each other at the same moment, fifty times", async () => {
  for (let round = 0; round < 50; round++) {
    const [first, second] = await Promise.all([person("admin"), person("admin")]);
    const attempts = await Promise.all([demotion(first, second), demotion(second, first)]);
    const results = await Promise.allSettled(attempts.map(({ run }) => run()));
    const refused = results.filter((result) => result.status === "rejected");
    expect(refused.map(({ reason }) => reason.code)).toEqual(["last_admin"]);
    expect(await activeAdmins()).toBe(1);
    const events = (await Promise.all(attempts.map(({ context }) => eventsOf(context)))).flat();
    expect(events.map(({ action }) => action)).toEqual(["user.updated"]);
    await database().update(users).set({ active: false }).where(eq(users.active, true));
  }
});

test("one admin stays when three demote and deactivate each other in a circle", async () => {
  for (let round = 0; round < 20; round++) {
    const [a, b, c] = [await person("admin"), await person("admin"), await person("admin")];
    const ab = await demotion(a, b);
    const results = await Promise.allSettled([
      ab.run(),
      deactivateUser(contextOf(b.actor), { userId: c.userId }),
      deactivateUser(contextOf(c.actor), { userId: a.userId }),
    ]);
    expect(results.filter(({ status }) => status === "rejected")).toHaveLength(1);
    expect(await activeAdmins()).toBe(1);
    await database().update(users).set({ active: false }).where(eq(users.active, true));
  }
});
