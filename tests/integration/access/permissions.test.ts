import { describe, expect, test } from "vitest";
import { changeOwnLocale } from "@/lib/access/account/change-own-locale";
import { changeOwnPassword } from "@/lib/access/account/change-own-password";
import { readAccount } from "@/lib/access/account/read-account";
import { principals, type Principal } from "@/lib/operation/actor";
import { AppError } from "@/lib/core/errors";
import { newId } from "@/lib/core/new-id";
import type { Operation } from "@/lib/operation/operation";
import { createApiKey } from "@/lib/access/service-accounts/create-api-key";
import { createServiceAccount } from "@/lib/access/service-accounts/create-service-account";
import { deactivateServiceAccount } from "@/lib/access/service-accounts/deactivate-service-account";
import { listServiceAccounts } from "@/lib/access/service-accounts/list-service-accounts";
import { reactivateServiceAccount } from "@/lib/access/service-accounts/reactivate-service-account";
import { revokeApiKey } from "@/lib/access/service-accounts/revoke-api-key";
import { readStorage } from "@/lib/storage-checks/read-storage";
import { createUnit } from "@/lib/access/units/create-unit";
import { listUnits } from "@/lib/access/units/list-units";
import { updateUnit } from "@/lib/access/units/update-unit";
import { createUser } from "@/lib/access/users/create-user";
import { deactivateUser } from "@/lib/access/users/deactivate-user";
import { listUsers } from "@/lib/access/users/list-users";
import { reactivateUser } from "@/lib/access/users/reactivate-user";
import { readUser } from "@/lib/access/users/read-user";
import { resetUserPassword } from "@/lib/access/users/reset-user-password";
import { updateUser } from "@/lib/access/users/update-user";
import { eventsOf, someone } from "../../support/actors";

const staff: Principal[] = ["admin", "supervisor", "dpo", "auditor"];
const admin: Principal[] = ["admin"];
const readers: Principal[] = ["admin", "auditor"];

// An input that nobody's database knows: who may is told `not_found` or the like, who may not never gets that far.
const unknown = { userId: newId(), serviceAccountId: newId(), apiKeyId: newId(), unitId: newId() };

type Row = [name: string, operation: Operation<never, unknown>, input: unknown, may: Principal[]];

const rows: Row[] = [
  ["listUsers", listUsers, {}, readers],
  ["readUser", readUser, unknown, readers],
  ["createUser", createUser, { email: "", name: "", role: "dpo" }, admin],
  ["updateUser", updateUser, { ...unknown, version: new Date().toISOString(), name: "N", role: "dpo" }, admin],
  ["deactivateUser", deactivateUser, unknown, admin],
  ["reactivateUser", reactivateUser, unknown, admin],
  ["resetUserPassword", resetUserPassword, unknown, admin],
  ["listUnits", listUnits, {}, staff],
  ["createUnit", createUnit, { code: "", name: "", timeZone: "America/Bahia" }, admin],
  ["updateUnit", updateUnit, { ...unknown, name: "N", timeZone: "America/Bahia" }, admin],
  ["listServiceAccounts", listServiceAccounts, {}, readers],
  ["createServiceAccount", createServiceAccount, { name: "" }, admin],
  ["deactivateServiceAccount", deactivateServiceAccount, unknown, admin],
  ["reactivateServiceAccount", reactivateServiceAccount, unknown, admin],
  ["createApiKey", createApiKey, unknown, admin],
  ["revokeApiKey", revokeApiKey, unknown, admin],
  ["readAccount", readAccount, {}, staff],
  ["changeOwnPassword", changeOwnPassword, { currentPassword: "", newPassword: "", repeatedPassword: "" }, staff],
  ["changeOwnLocale", changeOwnLocale, { locale: "xx" }, staff],
  ["readStorage", readStorage, {}, readers],
] as unknown as Row[];

describe.each(rows)("%s", (_, operation, input, may) => {
  test.each(principals)("%s", async (principal) => {
    const context = await someone(principal);
    const code = await operation(context, input as never).then(
      () => "done",
      (error: unknown) => (error instanceof AppError ? error.code : error),
    );
    const denials = (await eventsOf(context)).filter(({ action }) => action === "access.denied");
    if (may.includes(principal)) {
      expect(["done", "not_found", "invalid_input"]).toContain(code);
      expect(denials).toEqual([]);
    } else if (principal === "anonymous") {
      expect(code).toBe("unauthenticated");
      expect(denials).toEqual([]);
    } else {
      expect(code).toBe("forbidden");
      expect(denials).toMatchObject([{ outcome: "denied", details: { permission: operation.operation.permission } }]);
    }
  });
});
