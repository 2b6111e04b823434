import { asc } from "drizzle-orm";
import { alwaysTwoStepRoles } from "@/lib/access/sign-in/second-factor-state";
import type { ReadDatabase, Transaction } from "@/lib/db/client";
import { secondFactorRoles } from "@/lib/db/schema";
import { roles, type Role } from "@/lib/operation/actor";

/** The roles that the setting may switch on. */
export const optionalRoles = roles.filter((role) => !alwaysTwoStepRoles.includes(role));

/** The roles that the setting has switched on. */
export async function switchedRoles(db: Transaction | ReadDatabase): Promise<Role[]> {
  const rows = await db
    .select({ role: secondFactorRoles.role })
    .from(secondFactorRoles)
    .orderBy(asc(secondFactorRoles.role));
  return rows.map(({ role }) => role);
}
