import { and, asc, eq, inArray, or } from "drizzle-orm";
import type { ReadDatabase } from "@/lib/db/client";
import { users } from "@/lib/db/schema";
import type { ControllerFacts } from "@/lib/access/controller/controller-facts";

/**
 * A user account that is, or may be, linked as the encarregado's, the substitute's or that of the administrator who may
 * approve requests.
 */
export type OfficerAccount = { id: string; name: string; isActiveDpo: boolean; isActiveAdmin: boolean };

export type AccountFact = "officerUserId" | "substituteUserId" | "approverUserId";

type Linked = Pick<ControllerFacts, AccountFact>;

/** Whether an account may be linked so: encarregado and substitute are DPOs, the approver an administrator. */
export const mayBeLinked = (fact: AccountFact, { isActiveDpo, isActiveAdmin }: OfficerAccount) =>
  fact === "approverUserId" ? isActiveAdmin : isActiveDpo;

const linkedIds = ({ officerUserId, substituteUserId, approverUserId }: Linked) =>
  [officerUserId, substituteUserId, approverUserId].filter((id) => id !== null);

/** The linked accounts, also those that are no longer active or have another role now. */
export const linkedAccounts = (db: ReadDatabase, facts: Linked) => read(db, inArray(users.id, linkedIds(facts)));

/** The accounts to choose from, by name: of active DPOs and administrators, and those that are linked already. */
export const officerAccounts = (db: ReadDatabase, facts: Linked) =>
  read(db, or(and(inArray(users.role, ["dpo", "admin"]), eq(users.active, true)), inArray(users.id, linkedIds(facts))));

async function read(db: ReadDatabase, where: ReturnType<typeof or>): Promise<OfficerAccount[]> {
  const rows = await db
    .select({ id: users.id, name: users.name, role: users.role, active: users.active })
    .from(users)
    .where(where)
    .orderBy(asc(users.name), asc(users.id))
    .limit(500);
  return rows.map(({ id, name, role, active }) => {
    const is = (expected: typeof role) => active && role === expected;
    return { id, name, isActiveDpo: is("dpo"), isActiveAdmin: is("admin") };
  });
}
