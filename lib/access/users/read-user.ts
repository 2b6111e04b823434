import { eq } from "drizzle-orm";
import { z } from "zod";
import { users } from "@/lib/db/schema";
import { AppError } from "@/lib/core/errors";
import { query } from "@/lib/operation/operation";
import { describeUsers, type UserRow } from "@/lib/access/users/user-descriptions";

/**
 * One user, as the list shows them.
 * @throws AppError `not_found`
 */
export const readUser = query({
  permission: "user:list",
  input: z.object({ userId: z.uuid() }),
  run: async ({ db, input: { userId } }): Promise<UserRow> => {
    const [user] = await describeUsers(db, await db.select().from(users).where(eq(users.id, userId)));
    if (!user) throw new AppError("not_found", "user");
    return user;
  },
});
