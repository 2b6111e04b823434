import { and, asc, eq } from "drizzle-orm";
import { z } from "zod";
import { users } from "@/lib/db/schema";
import { query } from "@/lib/operation/operation";

/** Whom requests can be given to: active DPOs. */
export const listAssignees = query({
  permission: "subject-request:read",
  input: z.object({}),
  run: ({ db }) =>
    db
      .select({ id: users.id, name: users.name })
      .from(users)
      .where(and(eq(users.active, true), eq(users.role, "dpo")))
      .orderBy(asc(users.name), asc(users.id))
      .limit(500),
});

export type Assignee = Awaited<ReturnType<typeof listAssignees>>[number];
