import { eq, sql } from "drizzle-orm";
import { mailToPerson } from "@/lib/access/sessions/account-message";
import { env } from "@/lib/core/env";
import type { Transaction } from "@/lib/db/client";
import { sessions } from "@/lib/db/schema";
import { transactionNow } from "@/lib/db/schema/columns";
import { formatFullDateTime } from "@/lib/i18n/format";
import type { Locale } from "@/lib/i18n/locales";

type NewDevice = { userId: string; sessionId: string; browser: string | null; operatingSystem: string | null };

const unknownBrowser: Record<Locale, string> = { "pt-BR": "navegador desconhecido", en: "unknown browser" };

/** Tells a person of a sign-in from a browser that they have not used before; not of their first sign-in. */
export async function reportNewDevice(
  tx: Transaction,
  { userId, sessionId, browser, operatingSystem }: NewDevice,
): Promise<void> {
  const at = sql<Date>`${transactionNow}`.mapWith(sessions.createdAt);
  const [earlier] = await tx.select({ at }).from(sessions).where(eq(sessions.userId, userId)).limit(1);
  if (!earlier) return;
  await mailToPerson(tx, { userId, template: "new_device", about: sessionId }, (locale) => ({
    device: [browser, operatingSystem].filter(Boolean).join(", ") || unknownBrowser[locale],
    time: formatFullDateTime(earlier.at, env().CONTROLLER_TIME_ZONE, locale),
    page: new URL("/settings", env().NEXTAUTH_URL).href,
  }));
}
