import { eq } from "drizzle-orm";
import { beforeAll, expect, it, vi } from "vitest";
import { database } from "@/lib/db/client";
import { dataKeys } from "@/lib/db/schema";
import { orderObjectRemoval } from "@/lib/store-scan/removal/order-object-removal";
import { newId } from "@/lib/core/new-id";
import { configuredStore } from "@/lib/storage/configured-store";
import { workOff } from "../../support/background-jobs";
import { admin, policy, row, unitWithQueue } from "../../support/recordings";
import { person } from "../../support/actors";
import { findingAbout, inCustody, keyOf, look, openFindings } from "./custody";

vi.hoisted(() => {
  process.env.RECORDING_ENCRYPTION = "envelope";
  process.env.ENVELOPE_KEYS = `e1:${Buffer.alloc(32, 7).toString("base64")}`;
});

let place: Awaited<ReturnType<typeof unitWithQueue>>;

beforeAll(async () => {
  await policy(90);
  place = await unitWithQueue();
});

it("verifies sealed recordings, and finds one whose key is missing", async () => {
  const [id, other] = (await inCustody(2, place)) as [string, string];
  expect((await row(id)).encryption).toEqual({ algorithm: "custodia:aes256-gcm", keyId: "e1" });
  expect(await look()).toMatchObject({ state: "finished", recordingsSeen: 2, found: 0, unchecked: 0 });
  const [key] = await database()
    .delete(dataKeys)
    .where(eq(dataKeys.objectKey, keyOf(id)))
    .returning();
  expect(await look()).toMatchObject({ found: 1 });
  expect(await openFindings()).toEqual([{ kind: "content_changed", facts: { change: "key_missing" } }]);
  await database().insert(dataKeys).values(key!);
  expect(await look()).toMatchObject({ resolved: 1 });
  expect((await row(other)).verifiedAt).not.toBeNull();
});

it("destroys the key together with sealed audio that belongs to no recording", async () => {
  const objectKey = keyOf(newId());
  await configuredStore().put(objectKey, Buffer.alloc(10), { contentType: "audio/wav", ifNoneMatch: "*" });
  await look();
  expect(await openFindings({ objectKey })).toMatchObject([
    { kind: "object_without_recording", facts: { sizeBytes: 10 } },
  ]);
  const { id: findingId } = await findingAbout({ objectKey });
  await expect(orderObjectRemoval(admin(), { findingId: newId() })).rejects.toMatchObject({ code: "not_found" });
  await orderObjectRemoval((await person("admin")).context, { findingId });
  await workOff("object_removals");
  expect(await findingAbout({ objectKey })).toMatchObject({ resolution: "object_removed" });
  expect(await database().$count(dataKeys, eq(dataKeys.objectKey, objectKey))).toBe(0);
});
