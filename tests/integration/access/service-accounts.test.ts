import { eq } from "drizzle-orm";
import { beforeAll, describe, expect, test } from "vitest";
import { resolveApiKey } from "@/lib/access/sign-in/api-key-actor";
import { database } from "@/lib/db/client";
import { apiKeys } from "@/lib/db/schema";
import { newId } from "@/lib/core/new-id";
import { hashApiKey, parseApiKey } from "@/lib/access/service-accounts/api-key";
import { createApiKey } from "@/lib/access/service-accounts/create-api-key";
import { createServiceAccount } from "@/lib/access/service-accounts/create-service-account";
import { deactivateServiceAccount } from "@/lib/access/service-accounts/deactivate-service-account";
import { listServiceAccounts } from "@/lib/access/service-accounts/list-service-accounts";
import { reactivateServiceAccount } from "@/lib/access/service-accounts/reactivate-service-account";
import { revokeApiKey } from "@/lib/access/service-accounts/revoke-api-key";
import { contextOf, eventsOf, expectRefusal, person, type Person } from "../../support/actors";

let admin: Person;

beforeAll(async () => {
  admin = await person("admin");
});

const asAdmin = () => contextOf(admin.actor);
const account = async () => (await createServiceAccount(asAdmin(), { name: `PABX ${newId()}` })).serviceAccountId;

test("refuses a second service account with the same name", async () => {
  const context = asAdmin();
  const { serviceAccountId } = await createServiceAccount(context, { name: " PABX Matriz " });
  expect(await eventsOf(context)).toMatchObject([
    { action: "service_account.created", targetId: serviceAccountId, details: {} },
  ]);
  await expectRefusal(createServiceAccount(asAdmin(), { name: "PABX Matriz" }), "name_taken", { name: "name_taken" });
  await expectRefusal(createServiceAccount(asAdmin(), { name: " " }), "invalid_input");
});

describe("API keys", () => {
  test("a key works, and only its SHA-256 is stored", async () => {
    const serviceAccountId = await account();
    const context = asAdmin();
    const { apiKeyId, apiKey } = await createApiKey(context, { serviceAccountId });
    expect(parseApiKey(apiKey)).toBe(apiKey);
    expect(await resolveApiKey(apiKey)).toEqual({ type: "service", serviceAccountId, apiKeyId });

    const [row] = await database().select().from(apiKeys).where(eq(apiKeys.id, apiKeyId));
    expect(row).toMatchObject({ prefix: apiKey.slice(0, 13), keyHash: hashApiKey(apiKey), expiresAt: null });
    const events = await eventsOf(context);
    expect(events).toMatchObject([
      { action: "api_key.created", targetId: apiKeyId, details: { serviceAccountId, expiresAt: null } },
    ]);
    expect(JSON.stringify([row, events])).not.toContain(apiKey.slice(14));
    const listed = (await listServiceAccounts(asAdmin(), {})).find(({ id }) => id === serviceAccountId)!;
    expect(listed.keys).toMatchObject([
      { id: apiKeyId, prefix: apiKey.slice(0, 13), state: "valid", lastUsedAt: expect.any(Date) },
    ]);
    expect(Object.keys(listed.keys[0]!).sort()).toEqual([
      "createdAt",
      "expiresAt",
      "id",
      "lastUsedAt",
      "prefix",
      "revokedAt",
      "state",
    ]);
  });

  test("a revoked key stops at once, the other key still works, and revoking again changes nothing", async () => {
    const serviceAccountId = await account();
    const [first, second] = [
      await createApiKey(asAdmin(), { serviceAccountId }),
      await createApiKey(asAdmin(), { serviceAccountId }),
    ];
    const context = asAdmin();
    await revokeApiKey(context, { apiKeyId: first.apiKeyId });
    expect(await resolveApiKey(first.apiKey)).toBeNull();
    expect(await resolveApiKey(second.apiKey)).not.toBeNull();
    expect(await eventsOf(context)).toMatchObject([
      { action: "api_key.revoked", targetId: first.apiKeyId, details: { serviceAccountId } },
    ]);
    const again = asAdmin();
    await revokeApiKey(again, { apiKeyId: first.apiKeyId });
    expect(await eventsOf(again)).toEqual([]);
    await expectRefusal(revokeApiKey(asAdmin(), { apiKeyId: newId() }), "not_found");
  });

  test("a key expires at the end of its last day in the controller's zone; a past day is refused", async () => {
    const serviceAccountId = await account();
    const { apiKey, apiKeyId } = await createApiKey(asAdmin(), { serviceAccountId, expiresOn: "2031-12-31" });
    const [row] = await database().select().from(apiKeys).where(eq(apiKeys.id, apiKeyId));
    expect(row!.expiresAt?.toISOString()).toBe("2032-01-01T02:59:59.999Z");
    expect(await resolveApiKey(apiKey)).not.toBeNull();
    await database()
      .update(apiKeys)
      .set({ expiresAt: new Date(Date.now() - 1) })
      .where(eq(apiKeys.id, apiKeyId));
    expect(await resolveApiKey(apiKey)).toBeNull();
    await expectRefusal(createApiKey(asAdmin(), { serviceAccountId, expiresOn: "2020-01-01" }), "invalid_input", {
      expiresOn: "must_be_future",
    });
    await expectRefusal(createApiKey(asAdmin(), { serviceAccountId, expiresOn: "2031-02-30" }), "invalid_input");
  });
});

test("a deactivated account has no working key and gets no new one; reactivation restores its keys", async () => {
  const serviceAccountId = await account();
  const [kept, revoked] = [
    await createApiKey(asAdmin(), { serviceAccountId }),
    await createApiKey(asAdmin(), { serviceAccountId }),
  ];
  await revokeApiKey(asAdmin(), { apiKeyId: revoked.apiKeyId });

  const context = asAdmin();
  await deactivateServiceAccount(context, { serviceAccountId });
  expect(await eventsOf(context)).toMatchObject([
    { action: "service_account.deactivated", targetId: serviceAccountId },
  ]);
  expect(await resolveApiKey(kept.apiKey)).toBeNull();
  await expectRefusal(createApiKey(asAdmin(), { serviceAccountId }), "conflict");
  const again = asAdmin();
  await deactivateServiceAccount(again, { serviceAccountId });
  expect(await eventsOf(again)).toEqual([]);

  const back = asAdmin();
  await reactivateServiceAccount(back, { serviceAccountId });
  expect(await eventsOf(back)).toMatchObject([{ action: "service_account.reactivated", targetId: serviceAccountId }]);
  expect(await resolveApiKey(kept.apiKey)).not.toBeNull();
  expect(await resolveApiKey(revoked.apiKey)).toBeNull();
  for (const operation of [deactivateServiceAccount, reactivateServiceAccount])
    await expectRefusal(operation(asAdmin(), { serviceAccountId: newId() }), "not_found");
});
