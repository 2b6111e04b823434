import { asc } from "drizzle-orm";
import { z } from "zod";
import { serviceAccounts, users } from "@/lib/db/schema";
import { query } from "@/lib/operation/operation";

/**
 * The options of the actor filter: all users and service accounts, also inactive ones, because the log still names
 * them.
 */
export const listAuditActors = query({
  permission: "audit-event:list",
  input: z.object({}),
  run: async ({ db }) => ({
    users: await db.select({ id: users.id, name: users.name }).from(users).orderBy(asc(users.name), asc(users.id)),
    serviceAccounts: await db
      .select({ id: serviceAccounts.id, name: serviceAccounts.name })
      .from(serviceAccounts)
      .orderBy(asc(serviceAccounts.name)),
  }),
});

export type AuditActors = Awaited<ReturnType<typeof listAuditActors>>;
