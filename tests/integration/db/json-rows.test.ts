import { asc, inArray } from "drizzle-orm";
import { afterAll, expect, test } from "vitest";
import { newId } from "@/lib/core/new-id";
import { closeDatabase, database } from "@/lib/db/client";
import { insertRows, updateRows } from "@/lib/db/json-rows";
import { recordings } from "@/lib/db/schema";
import { transactionNow } from "@/lib/db/schema/columns";
import { phoneSystem } from "../../support/uploads";

afterAll(closeDatabase);

const text = `"quotes", \\backslashes\\x41, a line\nand 🎧`;

async function newRows(count: number) {
  const { unitId } = await phoneSystem();
  return Array.from({ length: count }, (_, index) => ({
    ...{ id: newId(), source: "json-rows", sourceCallId: newId(), sourceRecordingId: `${index}`, unitId },
    ...{ uploadedByType: "user" as const, uploadedById: newId(), direction: "inbound" as const },
    ...{ startedAt: new Date(1_790_000_000_123 + index), contentType: "audio/wav", callKind: index ? null : text },
    ...{ sizeBytes: 2 ** 40 + index, sha256: Buffer.from([0, 0x5c, 0xff, index]), acceptsDue: index === 1 },
  }));
}

const written = (ids: string[]) =>
  database().select().from(recordings).where(inArray(recordings.id, ids)).orderBy(asc(recordings.sourceRecordingId));

test("rows come back as they were given, with the defaults of the other columns", async () => {
  const rows = await newRows(3);
  await database().transaction((tx) => insertRows(tx, recordings, rows));
  const found = await written(rows.map(({ id }) => id));
  expect(found).toMatchObject(rows);
  expect(found.map(({ state, isEmpty, sensitiveContent }) => ({ state, isEmpty, sensitiveContent }))).toEqual(
    Array(3).fill({ state: "pending", isEmpty: false, sensitiveContent: "unknown" }),
  );
});

test("changes each row by its own values, and no other row or column", async () => {
  const rows = await newRows(3);
  await database().transaction((tx) => insertRows(tx, recordings, rows));
  const [first, second, third] = await written(rows.map(({ id }) => id));
  const encryption = { algorithm: "aws:kms" as const, keyId: text };
  const changes = [
    { id: first!.id, sha256: Buffer.alloc(32, 1), callKind: null, encryption, verifiedAt: transactionNow },
    { id: second!.id, sha256: Buffer.from("\\x"), callKind: text, encryption: null, verifiedAt: transactionNow },
  ];
  const now = await database().transaction(async (tx) => {
    await updateRows(tx, recordings, changes);
    const [row] = await tx.execute<{ now: string }>("select date_trunc('milliseconds', now())::text as now");
    return new Date(row!.now);
  });
  expect(await written(rows.map(({ id }) => id))).toEqual([
    { ...first, ...changes[0], verifiedAt: now },
    { ...second, ...changes[1], verifiedAt: now },
    third,
  ]);
});

test("no rows are no statement", async () => {
  await database().transaction(async (tx) => {
    await insertRows(tx, recordings, []);
    await updateRows(tx, recordings, []);
  });
});
