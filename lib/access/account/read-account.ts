import { asc, eq } from "drizzle-orm";
import { z } from "zod";
import { units, userUnits, users } from "@/lib/db/schema";
import { AppError } from "@/lib/core/errors";
import { query } from "@/lib/operation/operation";

/** The actor's own account. */
export const readAccount = query({
  permission: "account:read",
  input: z.object({}),
  run: async ({ db, actor }) => {
    if (actor.type !== "user") throw new AppError("forbidden", "only users have an account");
    const { name, email, role, locale, mustChangePassword } = users;
    const [account] = await db
      .select({ name, email, role, locale, mustChangePassword })
      .from(users)
      .where(eq(users.id, actor.userId));
    if (!account) throw new AppError("not_found", "account");
    const ofUser = await db
      .select({ id: units.id, name: units.name })
      .from(userUnits)
      .innerJoin(units, eq(units.id, userUnits.unitId))
      .where(eq(userUnits.userId, actor.userId))
      .orderBy(asc(units.name));
    return { ...account, units: ofUser };
  },
});
