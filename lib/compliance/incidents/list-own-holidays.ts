import { desc } from "drizzle-orm";
import { z } from "zod";
import { ownHolidays } from "@/lib/db/schema";
import { isAllowed } from "@/lib/operation/permissions";
import { query } from "@/lib/operation/operation";

/** The days of state, city and company that are no business days, latest first. */
export const listOwnHolidays = query({
  permission: "incident:read",
  input: z.object({}),
  run: async ({ db, actor }) => {
    const { day, name } = ownHolidays;
    const holidays = await db.select({ day, name }).from(ownHolidays).orderBy(desc(day)).limit(500);
    return { holidays, mayManage: isAllowed(actor, "incident:manage") };
  },
});
