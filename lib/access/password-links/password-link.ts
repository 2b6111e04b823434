import { createHash, randomBytes } from "node:crypto";
import { and, eq, gt, inArray, isNull, lt, sql, type SQL } from "drizzle-orm";
import { z } from "zod";
import { mailToPerson } from "@/lib/access/sessions/account-message";
import { maySignInLocally } from "@/lib/access/sign-in/local-sign-in";
import { env } from "@/lib/core/env";
import { AppError } from "@/lib/core/errors";
import { newId } from "@/lib/core/new-id";
import type { Transaction } from "@/lib/db/client";
import { passwordLinks, users } from "@/lib/db/schema";
import { transactionNow } from "@/lib/db/schema/columns";
import { formatDateTime } from "@/lib/i18n/format";

export type PasswordLinkPurpose = (typeof passwordLinks.$inferSelect)["purpose"];

export const linkMinutes: Record<PasswordLinkPurpose, number> = { invitation: 72 * 60, reset: 30 };

/** The token as it stands in the address, behind "#": 32 random bytes in base64url. */
export const linkTokenInput = z.string().regex(/^[\w-]{43}$/);

const digestOf = (token: string) => createHash("sha256").update(token).digest();

/** A link that still works. Whether its person does is for the caller to check. */
export const isUsableLink = (token: string): SQL =>
  and(
    eq(passwordLinks.tokenDigest, digestOf(token)),
    isNull(passwordLinks.usedAt),
    isNull(passwordLinks.endedAt),
    gt(passwordLinks.expiresAt, sql`now()`),
  )!;

/** Ends a person's links that were not used. @returns how many. */
export async function endPasswordLinks(
  tx: Transaction,
  userId: string,
  endReason: "withdrawn" | "replaced",
): Promise<number> {
  const ended = await tx
    .update(passwordLinks)
    .set({ endedAt: transactionNow, endReason })
    .where(and(eq(passwordLinks.userId, userId), isNull(passwordLinks.usedAt), isNull(passwordLinks.endedAt)))
    .returning({ id: passwordLinks.id, isOpen: sql<boolean>`${passwordLinks.expiresAt} > now()` });
  return ended.filter(({ isOpen }) => isOpen).length;
}

type NewLink = { userId: string; purpose: PasswordLinkPurpose };

/**
 * Mails a person a link by which they set their password: 72 hours for an invitation, else 30 minutes. It replaces
 * their earlier links. The token is in the message alone, behind "#", so that no server or log on the way sees it.
 * @returns when the link expires.
 * @throws AppError `local_sign_in_off`: the person signs in at the provider only
 */
export async function issuePasswordLink(tx: Transaction, { userId, purpose }: NewLink): Promise<Date> {
  const [user] = await tx.select({ breakGlass: users.breakGlass }).from(users).where(eq(users.id, userId));
  if (!user || !(await maySignInLocally(tx, user))) throw new AppError("local_sign_in_off", "a link for a password");
  await endPasswordLinks(tx, userId, "replaced");
  await forgetOldLinks(tx);
  const [id, token, minutes] = [newId(), randomBytes(32).toString("base64url"), linkMinutes[purpose]];
  const expiresAt = sql`${transactionNow} + make_interval(mins => ${minutes})`;
  const [issued] = await tx
    .insert(passwordLinks)
    .values({ id, userId, purpose, tokenDigest: digestOf(token), expiresAt })
    .returning({ expiresAt: passwordLinks.expiresAt });
  const link = `${new URL("/set-password", env().NEXTAUTH_URL).href}#${token}`;
  const message = { userId, about: id, lifeMs: minutes * 60_000 };
  if (purpose === "reset")
    await mailToPerson(tx, { ...message, template: "password_reset" }, () => ({ link, minutes: String(minutes) }));
  else {
    const until = formatDateTime(issued!.expiresAt, env().CONTROLLER_TIME_ZONE);
    await mailToPerson(tx, { ...message, template: "invitation" }, () => ({ link, until }));
  }
  return issued!.expiresAt;
}

/** Deletes links that expired a year ago. */
async function forgetOldLinks(tx: Transaction): Promise<void> {
  const old = tx
    .select({ id: passwordLinks.id })
    .from(passwordLinks)
    .where(lt(passwordLinks.expiresAt, sql`now() - interval '1 year'`))
    .limit(1000)
    .for("update", { skipLocked: true });
  await tx.delete(passwordLinks).where(inArray(passwordLinks.id, old));
}
