import { sql } from "drizzle-orm";
import { z } from "zod";
import { optionalRoles, switchedRoles } from "@/lib/access/second-factor/second-factor-roles";
import { secondFactorRoles } from "@/lib/db/schema";
import { auditEvent } from "@/lib/operation/audit-event";
import { command } from "@/lib/operation/operation";
import type { Role } from "@/lib/operation/actor";

/** Says of which further roles the people need a second factor: it is asked of them at their next page. */
export const changeSecondFactorRoles = command({
  permission: "second-factor:configure",
  freshProof: true,
  input: z.object({
    roles: z
      .array(z.enum(optionalRoles as [Role, ...Role[]]))
      .max(10)
      .default([]),
  }),
  audits: ["second_factor.roles_changed"],
  run: async ({ tx, input }) => {
    await tx.execute(sql`select pg_advisory_xact_lock(hashtext('custodia second factor roles'))`);
    const [before, after] = [await switchedRoles(tx), [...new Set(input.roles)].sort()];
    if (before.toSorted().join() === after.join()) return { result: { roles: after }, unchanged: true as const };
    await tx.delete(secondFactorRoles);
    if (after.length > 0) await tx.insert(secondFactorRoles).values(after.map((role) => ({ role })));
    return {
      result: { roles: after },
      audits: [auditEvent("second_factor.roles_changed", { details: { roles: after } })],
    };
  },
});
