import { eq } from "drizzle-orm";
import { beforeAll, describe, expect, test } from "vitest";
import { verifyPassword } from "@/lib/access/sign-in/passwords";
import { resolveSession } from "@/lib/access/sign-in/session-user";
import { startSession } from "@/lib/access/sign-in/start-session";
import { database } from "@/lib/db/client";
import { users } from "@/lib/db/schema";
import { newId } from "@/lib/core/new-id";
import { createUser } from "@/lib/access/users/create-user";
import { deactivateUser } from "@/lib/access/users/deactivate-user";
import { listUsers } from "@/lib/access/users/list-users";
import { reactivateUser } from "@/lib/access/users/reactivate-user";
import { resetUserPassword } from "@/lib/access/users/reset-user-password";
import { updateUser } from "@/lib/access/users/update-user";
import {
  contextOf,
  eventsOf,
  expectRefusal,
  isOpen,
  knownPassword,
  openSession,
  person,
  unit,
  type Person,
} from "../../support/actors";

let admin: Person;
let unitA: string;
let unitB: string;

beforeAll(async () => {
  [admin, unitA, unitB] = await Promise.all([person("admin"), unit(), unit()]);
  await person("admin");
});

const asAdmin = () => contextOf(admin.actor);
const stored = async (userId: string) => (await database().select().from(users).where(eq(users.id, userId)))[0]!;

async function seen(userId: string) {
  const { users: found } = await listUsers(asAdmin(), { limit: 100 });
  return found.find(({ id }) => id === userId)!;
}

describe("creating a user", () => {
  test("gives a supervisor units, a lower-case e-mail and a password for the first sign-in only", async () => {
    const context = asAdmin();
    const email = `Maria.${newId()}@Empresa.Example`;
    const { userId, temporaryPassword } = await createUser(context, {
      email: ` ${email} `,
      name: " Maria Silva ",
      role: "supervisor",
      unitIds: [unitB, unitA, unitA],
      access: "temporary_password",
    });

    const row = await stored(userId);
    expect(row).toMatchObject({
      email: email.toLowerCase(),
      name: "Maria Silva",
      role: "supervisor",
      active: true,
      mustChangePassword: true,
    });
    expect(row.passwordHash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    expect(await verifyPassword(row.passwordHash, temporaryPassword!)).toBe(true);
    expect((await seen(userId)).units.map(({ id }) => id).sort()).toEqual([unitA, unitB].sort());

    const events = await eventsOf(context);
    expect(events).toEqual([
      {
        action: "user.created",
        outcome: "success",
        targetType: "user",
        targetId: userId,
        actorId: admin.userId,
        details: { role: "supervisor", unitIds: [unitA, unitB].sort(), invited: false },
      },
    ]);
    const { sessionId } = await startSession(contextOf({ type: "anonymous" }), { email, password: temporaryPassword! });
    expect((await resolveSession(sessionId))?.actor).toMatchObject({ mustChangePassword: true, role: "supervisor" });
  });

  test("requires units for a supervisor and refuses them for other roles", async () => {
    const form = { email: `${newId()}@empresa.example`, name: "N" };
    await expectRefusal(createUser(asAdmin(), { ...form, role: "supervisor" }), "invalid_input", {
      unitIds: "units_required",
    });
    await expectRefusal(createUser(asAdmin(), { ...form, role: "dpo", unitIds: [unitA] }), "invalid_input", {
      unitIds: "units_not_allowed",
    });
    await expectRefusal(createUser(asAdmin(), { ...form, role: "supervisor", unitIds: [newId()] }), "unknown_unit", {
      unitIds: "unknown_unit",
    });
    expect(await database().$count(users, eq(users.email, form.email))).toBe(0);
  });

  test("refuses a second user with the same e-mail, in any spelling and under parallel requests", async () => {
    const email = `${newId()}@empresa.example`;
    const contexts = Array.from({ length: 8 }, asAdmin);
    const results = await Promise.allSettled(
      contexts.map((context, index) =>
        createUser(context, { email: index % 2 ? email.toUpperCase() : email, name: "N", role: "auditor" }),
      ),
    );
    expect(results.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    for (const result of results)
      if (result.status === "rejected")
        expect(result.reason).toMatchObject({
          code: "email_taken",
          details: { fields: [{ path: "email", reason: "email_taken" }] },
        });
    const events = (await Promise.all(contexts.map(eventsOf))).flat();
    expect(events.map(({ action }) => action)).toEqual(["user.created"]);
  });

  test.each(["", "maria", "maria@", "a b@c.com", `${"a".repeat(250)}@x.com`])(
    "refuses the e-mail %j",
    async (email) => {
      await expectRefusal(createUser(asAdmin(), { email, name: "N", role: "dpo" }), "invalid_input");
    },
  );
});

describe("changing a user", () => {
  test("applies role and units from the next request on", async () => {
    const supervisor = await person("supervisor", { unitIds: [unitA] });
    const context = asAdmin();
    const { version } = await seen(supervisor.userId);
    await updateUser(context, {
      userId: supervisor.userId,
      version,
      name: "Outro Nome",
      role: "supervisor",
      unitIds: [unitB],
    });
    expect((await resolveSession(supervisor.actor.sessionId))?.actor).toMatchObject({
      role: "supervisor",
      unitIds: [unitB],
    });
    expect(await eventsOf(context)).toMatchObject([
      {
        action: "user.updated",
        targetId: supervisor.userId,
        details: { role: "supervisor", unitIdsAdded: [unitB], unitIdsRemoved: [unitA], nameChanged: true },
      },
    ]);
    await updateUser(asAdmin(), {
      userId: supervisor.userId,
      version: (await seen(supervisor.userId)).version,
      name: "Outro Nome",
      role: "auditor",
    });
    expect((await resolveSession(supervisor.actor.sessionId))?.actor).toMatchObject({ role: "auditor", unitIds: [] });
  });

  test("refuses a form of an older version, and changes nothing for the same values", async () => {
    const dpo = await person("dpo");
    const { version } = await seen(dpo.userId);
    const values = { userId: dpo.userId, name: "Primeira", role: "dpo" as const };
    await updateUser(asAdmin(), { ...values, version });
    await expectRefusal(updateUser(asAdmin(), { ...values, name: "Segunda", version }), "conflict");
    expect((await stored(dpo.userId)).name).toBe("Primeira");

    const context = asAdmin();
    await updateUser(context, { ...values, version: (await seen(dpo.userId)).version });
    expect(await eventsOf(context)).toEqual([]);
  });

  test("accepts exactly one of many parallel changes of one version", async () => {
    const dpo = await person("dpo");
    const { version } = await seen(dpo.userId);
    const attempts = Array.from({ length: 10 }, (_, index) =>
      updateUser(asAdmin(), { userId: dpo.userId, version, name: `Nome ${index}`, role: "dpo" }),
    );
    const results = await Promise.allSettled(attempts);
    expect(results.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  });

  test("lets users change their own name, but not their own role and access", async () => {
    const own = { userId: admin.userId, name: "Eu Mesma" };
    await updateUser(asAdmin(), { ...own, role: "admin", version: (await seen(admin.userId)).version });
    const { version } = await seen(admin.userId);
    await expectRefusal(updateUser(asAdmin(), { ...own, version, role: "dpo" }), "own_role");
    await expectRefusal(updateUser(asAdmin(), { ...own, version, role: "supervisor", unitIds: [unitA] }), "own_role");
    await expectRefusal(deactivateUser(asAdmin(), { userId: admin.userId }), "own_role");
    await expectRefusal(resetUserPassword(asAdmin(), { userId: admin.userId }), "own_role");
    expect(await stored(admin.userId)).toMatchObject({
      name: "Eu Mesma",
      role: "admin",
      active: true,
      mustChangePassword: false,
    });
  });
});

describe("access of a user", () => {
  test("deactivating ends all sessions of that user at once and no others; reactivating opens none", async () => {
    const [leaver, stayer] = await Promise.all([person("auditor"), person("auditor")]);
    const second = await openSession(leaver.userId);
    const context = asAdmin();
    await deactivateUser(context, { userId: leaver.userId });
    expect(await resolveSession(leaver.actor.sessionId)).toBeNull();
    expect(await resolveSession(second)).toBeNull();
    expect(await resolveSession(stayer.actor.sessionId)).not.toBeNull();
    expect(await eventsOf(context)).toMatchObject([
      { action: "user.deactivated", targetId: leaver.userId, details: { role: "auditor", sessionsEnded: 2 } },
    ]);
    await expectRefusal(
      startSession(contextOf({ type: "anonymous" }), { email: leaver.email, password: knownPassword }),
      "invalid_credentials",
    );

    const again = asAdmin();
    await deactivateUser(again, { userId: leaver.userId });
    expect(await eventsOf(again)).toEqual([]);

    const back = asAdmin();
    await reactivateUser(back, { userId: leaver.userId });
    expect(await eventsOf(back)).toMatchObject([{ action: "user.reactivated", targetId: leaver.userId }]);
    expect(await resolveSession(second)).toBeNull();
    await startSession(contextOf({ type: "anonymous" }), { email: leaver.email, password: knownPassword });
  });

  test("a password reset ends the sessions, replaces the password and unlocks the sign-in", async () => {
    const forgetful = await person("auditor");
    const signIn = (password: string) =>
      startSession(contextOf({ type: "anonymous" }), { email: forgetful.email, password });
    for (let attempt = 0; attempt < 4; attempt++) await expectRefusal(signIn("errada"), "invalid_credentials");
    await expectRefusal(signIn(knownPassword), "locked");

    const context = asAdmin();
    const { temporaryPassword } = await resetUserPassword(context, {
      userId: forgetful.userId,
      access: "temporary_password",
    });
    expect(await isOpen(forgetful.actor.sessionId)).toBe(false);
    expect(await eventsOf(context)).toMatchObject([
      { action: "user.password_reset", targetId: forgetful.userId, details: { sessionsEnded: 1 } },
    ]);
    await expectRefusal(signIn(knownPassword), "invalid_credentials");
    const { sessionId } = await signIn(temporaryPassword!);
    expect((await resolveSession(sessionId))?.actor.mustChangePassword).toBe(true);
  });

  test("answers not found for an unknown user", async () => {
    for (const operation of [deactivateUser, reactivateUser, resetUserPassword])
      await expectRefusal(operation(asAdmin(), { userId: newId() }), "not_found");
  });
});

test("the audit log holds no secret and no personal data of these changes", async () => {
  const context = asAdmin();
  const { temporaryPassword } = await createUser(context, {
    email: "joana.prado@empresa.example",
    name: "Joana Prado",
    role: "dpo",
    access: "temporary_password",
  });
  const text = JSON.stringify(await eventsOf(context));
  for (const secret of [temporaryPassword, "joana", "Prado"]) expect(text).not.toContain(secret);
});
