import { createHash, randomBytes } from "node:crypto";
import { and, eq, gt, isNull, lt, sql } from "drizzle-orm";
import type { Transaction } from "@/lib/db/client";
import { signInTickets, type SignInMethod } from "@/lib/db/schema";
import { transactionNow } from "@/lib/db/schema/columns";

const ticketSeconds = 60;

export type ProvedSignIn = {
  userId: string;
  methods: SignInMethod[];
  /** The sign-in at the provider of single sign-on that the session depends on. */
  ssoLoginId?: string | null;
};

const digestOf = (token: string) => createHash("sha256").update(token).digest();

/**
 * Issues a ticket for a session of a person who has proved who they are. Also deletes tickets that expired an hour ago.
 * @returns the token, 32 random bytes in base64url; only its digest is stored. Valid for 60 seconds, once.
 */
export async function issueSignInTicket(tx: Transaction, proved: ProvedSignIn): Promise<string> {
  const token = randomBytes(32).toString("base64url");
  await tx.delete(signInTickets).where(lt(signInTickets.expiresAt, sql`now() - interval '1 hour'`));
  await tx.insert(signInTickets).values({
    tokenDigest: digestOf(token),
    ...proved,
    expiresAt: sql`${transactionNow} + make_interval(secs => ${ticketSeconds})`,
  });
  return token;
}

/** Takes a ticket, once: of parallel calls one gets it. @returns null if it is unknown, expired or taken. */
export async function takeSignInTicket(tx: Transaction, token: string): Promise<ProvedSignIn | null> {
  const [ticket] = await tx
    .update(signInTickets)
    .set({ usedAt: transactionNow })
    .where(
      and(
        eq(signInTickets.tokenDigest, digestOf(token)),
        isNull(signInTickets.usedAt),
        gt(signInTickets.expiresAt, sql`now()`),
      ),
    )
    .returning({
      userId: signInTickets.userId,
      methods: signInTickets.methods,
      ssoLoginId: signInTickets.ssoLoginId,
    });
  return ticket ?? null;
}
