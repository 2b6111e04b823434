import { sql } from "drizzle-orm";
import { z } from "zod";
import { retentionPolicies } from "@/lib/db/schema/retention";
import { query } from "@/lib/operation/operation";
import { selectRetentionPolicies } from "@/lib/retention/policies/policy-selection";

/**
 * The policies, the default first, then by unit and queue. Inactive ones are included only on request, and come last.
 */
export const listRetentionPolicies = query({
  permission: "retention-policy:list",
  input: z.object({ includeInactive: z.boolean().default(false) }),
  run: ({ db, input: { includeInactive } }) =>
    selectRetentionPolicies(db, includeInactive ? sql`true` : sql`${retentionPolicies.active}`),
});
