import { desc, eq, sql } from "drizzle-orm";
import { z } from "zod";
import { isOpenSession } from "@/lib/access/sessions/session-limits";
import { decryptField } from "@/lib/core/crypto/field-encryption";
import { log } from "@/lib/core/log";
import { sessions } from "@/lib/db/schema";
import { AppError } from "@/lib/core/errors";
import { query } from "@/lib/operation/operation";

/** A sign-in of the reader. Nothing says where an address is; `knownSince` says when the reader first used it. */
export type OwnSession = {
  id: string;
  browser: string | null;
  operatingSystem: string | null;
  /** Null without a trusted proxy, or after six months. */
  address: string | null;
  /** The first other sign-in from this address that the portal still knows; null for none. */
  knownSince: Date | null;
  startedAt: Date;
  lastUsedAt: Date;
  isCurrent: boolean;
};

const remembered = 500;

/** The reader's open sessions, the current one first, then by last use; and the sign-in before the current one. */
export const listOwnSessions = query({
  permission: "account:read",
  input: z.object({}),
  run: async ({ db, actor }): Promise<{ open: OwnSession[]; previous: OwnSession | null }> => {
    if (actor.type !== "user") throw new AppError("forbidden", "only users have sessions");
    const rows = await db
      .select({ session: sessions, isOpen: sql<boolean>`${isOpenSession()}` })
      .from(sessions)
      .where(eq(sessions.userId, actor.userId))
      .orderBy(desc(sessions.createdAt), desc(sessions.id))
      .limit(remembered);
    const read = rows.map(({ session, isOpen }) => ({ ...session, isOpen, address: addressOf(session) }));
    const present = (row: (typeof read)[number]): OwnSession => ({
      ...{ id: row.id, browser: row.browser, operatingSystem: row.operatingSystem, address: row.address },
      knownSince:
        read.findLast((other) => row.address !== null && other.id !== row.id && isEarlier(other, row))?.createdAt ??
        null,
      ...{ startedAt: row.createdAt, lastUsedAt: row.lastUsedAt, isCurrent: row.id === actor.sessionId },
    });
    const open = read.filter(({ isOpen }) => isOpen).map(present);
    const current = read.findIndex(({ id }) => id === actor.sessionId);
    const before = read.slice(current + 1).at(0);
    return {
      open: open.sort((one, other) => order(other) - order(one)),
      previous: before ? present(before) : null,
    };
  },
});

type Row = { id: string; address: string | null; createdAt: Date };

const isEarlier = (other: Row, row: Row) => other.address === row.address && other.createdAt < row.createdAt;

const order = ({ isCurrent, lastUsedAt }: OwnSession) => (isCurrent ? Infinity : lastUsedAt.getTime());

function addressOf({ id, addressEncrypted }: typeof sessions.$inferSelect): string | null {
  if (addressEncrypted === null) return null;
  try {
    return decryptField("session.address", addressEncrypted);
  } catch (error) {
    log.error({ error, sessionId: id }, "the address of a session cannot be read: put the encryption key back");
    return null;
  }
}
