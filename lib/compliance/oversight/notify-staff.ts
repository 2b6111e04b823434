import { and, asc, eq, inArray } from "drizzle-orm";
import { env } from "@/lib/core/env";
import type { Transaction } from "@/lib/db/client";
import { users } from "@/lib/db/schema";
import { isLocale } from "@/lib/i18n/locales";
import { configuredChannels } from "@/lib/notifications/configured-channels";
import { queueMessage } from "@/lib/notifications/messages/queue-message";
import type { Role } from "@/lib/operation/actor";

/** The pages that the messages lead to. No message says more than that there is something. */
const pages = {
  report_ready: "/compliance/reports",
  alert_raised: "/compliance/alerts",
  access_review_opened: "/compliance/access-reviews",
} as const;

type Notice = { roles: readonly Role[]; template: keyof typeof pages; referenceId: string };

/** Queues an e-mail to each active person with one of these roles, where there is a mail server. Repeated: once. */
export async function notifyStaff(tx: Transaction, { roles, template, referenceId }: Notice): Promise<void> {
  if (!configuredChannels().includes("email")) return;
  const { id, email, locale, active, role } = users;
  const people = await tx
    .select({ email, locale })
    .from(users)
    .where(and(eq(active, true), inArray(role, [...roles])))
    .orderBy(asc(id))
    .limit(1000);
  const page = new URL(pages[template], env().NEXTAUTH_URL).href;
  for (const [index, person] of people.entries())
    await queueMessage(tx, {
      ...{ key: `${template}:${referenceId}:${index + 1}`, referenceId, channel: "email", recipient: person.email },
      ...{ template, data: { page }, locale: isLocale(person.locale) ? person.locale : "pt-BR" },
    });
}
