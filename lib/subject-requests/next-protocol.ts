import { randomInt } from "node:crypto";
import { and, eq, sql } from "drizzle-orm";
import { localDateTime } from "@/lib/core/time";
import type { Transaction } from "@/lib/db/client";
import { subjectRequestCounts } from "@/lib/db/schema";
import { protocolNumber } from "@/lib/subject-requests/protocol-number";
import { readDatabaseTime } from "@/lib/db/database-time";

/**
 * So many can register at once without waiting for one another. Slot 0 has the numbers 1, 17, 33 …, slot 1 has 2, 18,
 * 34 …. Never change it: numbers of that day would repeat.
 */
const slots = 16;

/**
 * The number of a request that is registered today. Its slot is locked until `tx` ends, so that a rollback gives the
 * number back. The slot that gave fewest is taken first: numbers follow one another while nobody else registers.
 */
export async function nextProtocol(tx: Transaction, timeZone: string): Promise<string> {
  const day = localDateTime(await readDatabaseTime(tx), timeZone).slice(0, 10);
  const taken = (await takeFree(tx, day)) ?? (await openDay(tx, day)) ?? (await waitForOne(tx, day));
  return protocolNumber(day, (taken.registered - 1) * slots + taken.slot + 1);
}

type Taken = { slot: number; registered: number };

const { day: ofDay, slot, registered } = subjectRequestCounts;
const oneMore = { registered: sql`${registered} + 1` };

async function takeFree(tx: Transaction, day: string): Promise<Taken | undefined> {
  const free = tx
    .select({ slot })
    .from(subjectRequestCounts)
    .where(eq(ofDay, day))
    .orderBy(registered, slot)
    .limit(1)
    .for("update", { skipLocked: true });
  return (
    await tx
      .update(subjectRequestCounts)
      .set(oneMore)
      .where(and(eq(ofDay, day), eq(slot, free)))
      .returning({ slot, registered })
  )[0];
}

/** The first request of a day makes its slots; others of that moment wait for it. Undefined: all slots are locked. */
async function openDay(tx: Transaction, day: string): Promise<Taken | undefined> {
  if ((await tx.$count(subjectRequestCounts, eq(ofDay, day))) > 0) return undefined;
  const rows = Array.from({ length: slots }, (_, index) => ({ day, slot: index, registered: 0 }));
  await tx.insert(subjectRequestCounts).values(rows).onConflictDoNothing();
  return takeFree(tx, day);
}

async function waitForOne(tx: Transaction, day: string): Promise<Taken> {
  const [taken] = await tx
    .update(subjectRequestCounts)
    .set(oneMore)
    .where(and(eq(ofDay, day), eq(slot, randomInt(slots))))
    .returning({ slot, registered });
  return taken!;
}
