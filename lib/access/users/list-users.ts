import { singleLine } from "@/lib/core/text-input";
import { and, asc, eq, exists, or, sql, type SQL } from "drizzle-orm";
import { z } from "zod";
import { idPage, idPageFields } from "@/lib/core/page-input";
import type { ReadDatabase } from "@/lib/db/client";
import { userUnits, users } from "@/lib/db/schema";
import { beginsWord } from "@/lib/db/text-search";
import { query } from "@/lib/operation/operation";
import { describeUsers, type UserRow } from "@/lib/access/users/user-descriptions";
import { roleInput } from "@/lib/access/users/user-input";

export type UserPage = { users: UserRow[]; nextCursor: string | null };

const input = z.object({
  role: roleInput.optional(),
  active: z.boolean().optional(),
  unitId: z.uuid().optional(),
  /** Start of a name, of a word in it, or of an e-mail; ignores case and accents. */
  text: singleLine(120, 0).optional(),
  /** Cursor: id of the last user of the previous page. A name in a URL would be personal data. */
  ...idPageFields(100, 50),
});

/** One page of users, by name. */
export const listUsers = query({
  permission: "user:list",
  input,
  run: async ({ db, input: filters }): Promise<UserPage> => {
    const found = await db
      .select()
      .from(users)
      .where(and(...conditions(db, filters)))
      .orderBy(asc(nameOrder), asc(users.id))
      .limit(filters.limit + 1);
    const { rows, nextCursor } = idPage(found, filters.limit, "id");
    return { users: await describeUsers(db, rows), nextCursor };
  },
});

const nameOrder = sql`lower(${users.name})`;

function conditions(db: ReadDatabase, { role, active, unitId, text, cursor }: z.output<typeof input>): SQL[] {
  const inUnit = (id: string) =>
    exists(
      db
        .select({ found: sql`1` })
        .from(userUnits)
        .where(and(eq(userUnits.userId, users.id), eq(userUnits.unitId, id))),
    );
  return [
    ...(role ? [eq(users.role, role)] : []),
    ...(active === undefined ? [] : [eq(users.active, active)]),
    ...(unitId ? [inUnit(unitId)] : []),
    ...(text ? [startsWith(text)] : []),
    ...(cursor
      ? [
          sql`(${nameOrder}, ${users.id}) > (select lower(last.name), last.id from ${users} as last
            where last.id = ${cursor})`,
        ]
      : []),
  ];
}

function startsWith(text: string): SQL {
  return or(beginsWord(users.name, text), beginsWord(users.email, text))!;
}
