import { and, asc, eq, inArray, or } from "drizzle-orm";
import type { ReadDatabase } from "@/lib/db/client";
import { users } from "@/lib/db/schema";
import type { ControllerFacts } from "@/lib/access/controller/controller-facts";

/** A user account that is, or may be, linked as the encarregado's or the substitute's. */
export type OfficerAccount = { id: string; name: string; isActiveDpo: boolean };

type Linked = Pick<ControllerFacts, "officerUserId" | "substituteUserId">;

const linkedIds = ({ officerUserId, substituteUserId }: Linked) =>
  [officerUserId, substituteUserId].filter((id) => id !== null);

/** The linked accounts, also those that are no longer active or no longer a DPO's. */
export const linkedAccounts = (db: ReadDatabase, facts: Linked) => read(db, inArray(users.id, linkedIds(facts)));

/** The accounts to choose from, by name: of active DPOs, and those that are linked already. */
export const officerAccounts = (db: ReadDatabase, facts: Linked) =>
  read(db, or(and(eq(users.role, "dpo"), eq(users.active, true)), inArray(users.id, linkedIds(facts))));

async function read(db: ReadDatabase, where: ReturnType<typeof or>): Promise<OfficerAccount[]> {
  const rows = await db
    .select({ id: users.id, name: users.name, role: users.role, active: users.active })
    .from(users)
    .where(where)
    .orderBy(asc(users.name), asc(users.id))
    .limit(500);
  return rows.map(({ id, name, role, active }) => ({ id, name, isActiveDpo: active && role === "dpo" }));
}
