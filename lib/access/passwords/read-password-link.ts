import { and, eq } from "drizzle-orm";
import { z } from "zod";
import { isUsableLink, linkTokenInput } from "@/lib/access/password-links/password-link";
import { maySignInLocally } from "@/lib/access/sign-in/local-sign-in";
import { AppError } from "@/lib/core/errors";
import type { ReadDatabase, Transaction } from "@/lib/db/client";
import { passwordLinks, users } from "@/lib/db/schema";
import { query } from "@/lib/operation/operation";

/**
 * Whose link it is, and what for: the page shows it, and password managers need the e-mail.
 * @throws AppError `link_unusable`: unknown, used, withdrawn or expired, or the person is not active or may not
 *   sign in with a password.
 */
export const readPasswordLink = query({
  permission: "password-link:use",
  input: z.object({ token: linkTokenInput }),
  run: async ({ db, input: { token } }) => {
    const { purpose, email, name } = await personOfLink(db, token);
    return { purpose, email, name };
  },
});

/** @throws AppError `link_unusable` */
export async function personOfLink(db: ReadDatabase | Transaction, token: string) {
  const [found] = await db
    .select({
      linkId: passwordLinks.id,
      purpose: passwordLinks.purpose,
      userId: users.id,
      email: users.email,
      name: users.name,
      breakGlass: users.breakGlass,
    })
    .from(passwordLinks)
    .innerJoin(users, eq(users.id, passwordLinks.userId))
    .where(and(isUsableLink(token), eq(users.active, true), eq(users.ssoOnly, false)));
  if (!found || !(await maySignInLocally(db, found))) throw new AppError("link_unusable", "no usable password link");
  return found;
}
