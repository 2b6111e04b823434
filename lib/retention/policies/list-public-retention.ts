import { asc, desc, eq } from "drizzle-orm";
import { z } from "zod";
import { pick } from "@/lib/core/pick";
import { retentionPolicies } from "@/lib/db/schema/retention";
import { query } from "@/lib/operation/operation";
import { termsOf } from "@/lib/retention/policies/policy-terms";

/** No company has so many; a page for the public must not grow without end. */
const mostShown = 200;

/**
 * How long recordings are kept, from when, on which legal basis and by which norm (LGPD Art. 9, I and II): the terms of
 * the policies in force. The names that the company gave them are public; units, queues and reasons are not.
 */
export const listPublicRetention = query({
  permission: "retention-policy:read-public",
  input: z.object({}),
  run: async ({ db }) => {
    const { active, isDefault, name, id } = retentionPolicies;
    const rows = await db
      .select()
      .from(retentionPolicies)
      .where(eq(active, true))
      .orderBy(desc(isDefault), asc(name), asc(id))
      .limit(mostShown);
    return rows.map((row) =>
      pick(
        { ...termsOf(row), id: row.id },
        ...(["id", "name", "isDefault", "trigger", "minimum", "period", "waiting", "legalBasis", "source"] as const),
      ),
    );
  },
});

export type PublicRetention = Awaited<ReturnType<typeof listPublicRetention>>[number];
