import { desc, eq } from "drizzle-orm";
import { alias } from "drizzle-orm/pg-core";
import { z } from "zod";
import { daysWithout, inOffice } from "@/lib/compliance/terms/officer-terms";
import { today } from "@/lib/core/time";
import { officerTerms, users } from "@/lib/db/schema";
import { officerRoles } from "@/lib/db/schema/governance";
import { isAllowed } from "@/lib/operation/permissions";
import { query } from "@/lib/operation/operation";

const voider = alias(users, "voider");

/** The terms of encarregado and substitute, the latest first, with who is in office today and the days without. */
export const listTerms = query({
  permission: "register:read",
  input: z.object({}),
  run: async ({ db, actor }) => {
    const rows = await db
      .select({ term: officerTerms, recordedBy: users.name, voidedBy: voider.name })
      .from(officerTerms)
      .innerJoin(users, eq(users.id, officerTerms.recordedById))
      .leftJoin(voider, eq(voider.id, officerTerms.voidedById))
      .orderBy(desc(officerTerms.startsOn), desc(officerTerms.id))
      .limit(500);
    const terms = rows.map(({ term, ...people }) => ({ ...term, ...people }));
    const valid = terms.filter(({ voidedAt }) => voidedAt === null).toReversed();
    const now = officerRoles.map((role) => ({
      role,
      name: inOffice(valid, role, today())?.name ?? null,
      daysWithout: daysWithout(valid, role, today()),
    }));
    return { terms, now, mayWrite: isAllowed(actor, "register:write") };
  },
});

export type TermList = Awaited<ReturnType<typeof listTerms>>;
