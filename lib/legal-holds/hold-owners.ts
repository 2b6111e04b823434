import { and, asc, eq, inArray } from "drizzle-orm";
import { z } from "zod";
import type { ReadDatabase } from "@/lib/db/client";
import { users } from "@/lib/db/schema";
import { AppError } from "@/lib/core/errors";
import { query } from "@/lib/operation/operation";

const mayOwn = and(eq(users.active, true), inArray(users.role, ["supervisor", "dpo"]))!;

/** Who can answer for a hold: whoever may place one. */
export const listHoldOwners = query({
  permission: "legal-hold:place",
  input: z.object({}),
  run: ({ db }) =>
    db
      .select({ id: users.id, name: users.name, role: users.role })
      .from(users)
      .where(mayOwn)
      .orderBy(asc(users.name), asc(users.id))
      .limit(500),
});

/** @throws AppError `invalid_input` for somebody who cannot answer for a hold. */
export async function requireOwner(db: ReadDatabase, ownerId: string): Promise<void> {
  if ((await db.$count(users, and(eq(users.id, ownerId), mayOwn))) === 1) return;
  throw new AppError("invalid_input", "not a possible owner", { fields: [{ path: "ownerId", reason: "unknown" }] });
}
