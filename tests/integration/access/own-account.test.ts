import { describe, expect, test } from "vitest";
import { changeOwnLocale } from "@/lib/access/account/change-own-locale";
import { changeOwnPassword } from "@/lib/access/account/change-own-password";
import { readAccount } from "@/lib/access/account/read-account";
import { resolveSession } from "@/lib/access/sign-in/session-user";
import { startSession } from "@/lib/access/sign-in/start-session";
import { createUser } from "@/lib/access/users/create-user";
import { newId } from "@/lib/core/new-id";
import {
  contextOf,
  eventsOf,
  expectRefusal,
  isOpen,
  knownPassword,
  openSession,
  person,
  unit,
} from "../../support/actors";

const goodPassword = "Tamanduá lê jornal às 5";
const change = (currentPassword: string, newPassword: string, repeatedPassword = newPassword) => ({
  currentPassword,
  newPassword,
  repeatedPassword,
});

describe("one's own password", () => {
  test("changes: the new password works, the old one does not, and all other sessions end", async () => {
    const dpo = await person("auditor");
    const other = await openSession(dpo.userId);
    const context = contextOf(dpo.actor);
    expect(await changeOwnPassword(context, change(knownPassword, goodPassword))).toEqual({ sessionsEnded: 1 });
    expect([await isOpen(dpo.actor.sessionId), await isOpen(other)]).toEqual([true, false]);
    const events = await eventsOf(context);
    expect(events).toMatchObject([
      { action: "account.password_changed", outcome: "success", targetId: dpo.userId, details: { sessionsEnded: 1 } },
    ]);
    expect(JSON.stringify(events)).not.toContain("Tamandu");
    const anonymous = () => contextOf({ type: "anonymous" });
    await expectRefusal(
      startSession(anonymous(), { email: dpo.email, password: knownPassword }),
      "invalid_credentials",
    );
    // The same characters in decomposed form: letter and accent separately.
    await startSession(anonymous(), { email: dpo.email, password: goodPassword.normalize("NFD") });
  });

  test("must be changed before anything else when it is temporary", async () => {
    const admin = await person("admin");
    const email = `${newId()}@empresa.example`;
    const { temporaryPassword } = await createUser(admin.context, {
      email,
      name: "Nova Pessoa",
      role: "auditor",
      access: "temporary_password",
    });
    const { sessionId } = await startSession(contextOf({ type: "anonymous" }), { email, password: temporaryPassword! });
    const { actor } = (await resolveSession(sessionId))!;
    await expectRefusal(
      changeOwnPassword(contextOf(actor), change(temporaryPassword!, temporaryPassword!)),
      "invalid_input",
      { newPassword: "same_as_current" },
    );
    await changeOwnPassword(contextOf(actor), change(temporaryPassword!, goodPassword));
    expect((await resolveSession(sessionId))?.actor.mustChangePassword).toBe(false);
  });

  test("a wrong current password is refused, recorded and throttled, without locking the sign-in", async () => {
    const dpo = await person("auditor");
    for (let attempt = 0; attempt < 4; attempt++) {
      const context = contextOf(dpo.actor);
      await expectRefusal(changeOwnPassword(context, change("errada", goodPassword)), "invalid_credentials", {
        currentPassword: "wrong_password",
      });
      expect(await eventsOf(context)).toMatchObject([{ action: "account.password_changed", outcome: "failure" }]);
    }
    const context = contextOf(dpo.actor);
    await expectRefusal(changeOwnPassword(context, change(knownPassword, goodPassword)), "locked");
    expect(await eventsOf(context)).toMatchObject([{ action: "account.password_changed", outcome: "denied" }]);
    await startSession(contextOf({ type: "anonymous" }), { email: dpo.email, password: knownPassword });
  });

  test("refuses a weak or mistyped password at its field and changes nothing", async () => {
    const dpo = await person("auditor", { name: "Marina Tavares" });
    const attempt = (...passwords: Parameters<typeof change>) =>
      changeOwnPassword(contextOf(dpo.actor), change(...passwords));
    await expectRefusal(attempt(knownPassword, "curta"), "weak_password", { newPassword: "too_short" });
    await expectRefusal(attempt(knownPassword, "tavares-7-cadeados"), "weak_password", {
      newPassword: "contains_identity",
    });
    await expectRefusal(attempt(knownPassword, "senha12345678"), "weak_password", { newPassword: "too_common" });
    await expectRefusal(attempt(knownPassword, goodPassword, "outra coisa"), "invalid_input", {
      repeatedPassword: "not_equal",
    });
    await startSession(contextOf({ type: "anonymous" }), { email: dpo.email, password: knownPassword });
  });

  test("accepts one of several parallel changes with the same old password", async () => {
    const dpo = await person("auditor");
    const results = await Promise.allSettled(
      [0, 1, 2].map((n) => changeOwnPassword(contextOf(dpo.actor), change(knownPassword, `${goodPassword} ${n}`))),
    );
    expect(results.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  });
});

test("stores the language; choosing the same language again writes no event", async () => {
  const dpo = await person("auditor");
  const context = contextOf(dpo.actor);
  await changeOwnLocale(context, { locale: "en" });
  expect(await eventsOf(context)).toMatchObject([
    { action: "account.locale_changed", targetId: dpo.userId, details: { locale: "en" } },
  ]);
  const again = contextOf(dpo.actor);
  await changeOwnLocale(again, { locale: "en" });
  expect(await eventsOf(again)).toEqual([]);
  await expectRefusal(changeOwnLocale(contextOf(dpo.actor), { locale: "fr" as never }), "invalid_input");
});

test("returns the account of the signed-in user only", async () => {
  const unitId = await unit("conta");
  const supervisor = await person("supervisor", { unitIds: [unitId] });
  expect(await readAccount(supervisor.context, {})).toEqual({
    name: "Pessoa supervisor",
    email: supervisor.email,
    role: "supervisor",
    locale: "pt-BR",
    mustChangePassword: false,
    units: [{ id: unitId, name: "Unidade conta" }],
  });
});
