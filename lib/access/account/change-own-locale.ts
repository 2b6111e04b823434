import { and, eq, ne } from "drizzle-orm";
import { z } from "zod";
import { auditEvent } from "@/lib/operation/audit-event";
import { users } from "@/lib/db/schema";
import { AppError } from "@/lib/core/errors";
import { locales } from "@/lib/i18n/locales";
import { command } from "@/lib/operation/operation";

/** Remembers the language in which a person reads the portal. */
export const changeOwnLocale = command({
  permission: "account:update",
  input: z.object({ locale: z.enum(locales) }),
  audits: ["account.locale_changed"],
  run: async ({ tx, actor, input: { locale } }) => {
    if (actor.type !== "user") throw new AppError("forbidden", "only users have an account");
    const isOther = and(eq(users.id, actor.userId), ne(users.locale, locale));
    const changed = await tx.update(users).set({ locale }).where(isOther).returning({ id: users.id });
    if (changed.length === 0) return { result: { locale }, unchanged: true as const };
    const target = { type: "user", id: actor.userId };
    return { result: { locale }, audits: [auditEvent("account.locale_changed", { target, details: { locale } })] };
  },
});
