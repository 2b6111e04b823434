import { sql } from "drizzle-orm";
import { currentWriter, retireWriter, type AuditWriter } from "@/lib/operation/audit-writer";
import { database, type Database, type Transaction } from "@/lib/db/client";
import { databaseAway } from "@/lib/db/database-away";
import { log } from "@/lib/core/log";

/** The numbers that a transaction has taken so far. */
export type PendingEvents = {
  readonly writer: AuditWriter;
  readonly numbers: number[];
  transactionId: bigint | null;
  /** Called once the transaction is committed. */
  readonly afterCommit: Set<() => void>;
};

const pendingByTransaction = new WeakMap<Transaction, PendingEvents>();

/** @throws Error if `auditedTransaction` did not open the transaction: its numbers would never be settled. */
export function pendingEventsOf(tx: Transaction): PendingEvents {
  const pending = pendingByTransaction.get(tx);
  if (!pending) throw new Error("audit events are appended in an auditedTransaction");
  return pending;
}

/**
 * Calls `hook` after the transaction commits; once, however often it is registered. The hook must not throw, and
 * nothing waits for it.
 * @param tx opened by `auditedTransaction`.
 */
export function afterCommit(tx: Transaction, hook: () => void): void {
  pendingEventsOf(tx).afterCommit.add(hook);
}

/**
 * A transaction that can append audit events. Tracks their numbers: a commit confirms them, a rollback returns them,
 * and a connection lost during the commit leaves them in doubt.
 */
export async function auditedTransaction<Result>(
  work: (tx: Transaction) => Promise<Result>,
  db: Database = database(),
): Promise<Result> {
  const pending: PendingEvents = {
    writer: currentWriter(),
    numbers: [],
    transactionId: null,
    afterCommit: new Set(),
  };
  if (pending.writer.doubtful.size > 0) await resolveDoubts(pending.writer, db);
  let committing = false;
  let result: Result;
  try {
    result = await db.transaction(async (tx) => {
      pendingByTransaction.set(tx, pending);
      const worked = await work(tx);
      committing = true;
      return worked;
    });
    pending.writer.confirm(pending.numbers);
  } catch (error) {
    settleFailure(pending, committing && !isRefusedByServer(error));
    if (isNumberTaken(error)) {
      log.error(
        { writerId: pending.writer.id },
        "another process wrote audit events under this writer's numbers; a new writer begins",
      );
      retireWriter(pending.writer);
    }
    throw databaseAway(error, true) ?? error;
  }
  for (const hook of pending.afterCommit) hook();
  return result;
}

function settleFailure({ writer, numbers, transactionId }: PendingEvents, inDoubt: boolean): void {
  if (inDoubt && transactionId !== null) writer.doubtful.set(transactionId, numbers);
  else writer.giveBack(numbers);
}

type ServerError = {
  name: string;
  severity_local?: string;
  severity?: string;
  code?: string;
  constraint_name?: string;
  cause?: unknown;
};

function serverError(error: unknown): ServerError | null {
  if (!(error instanceof Error)) return null;
  return error.name === "PostgresError" ? (error as ServerError) : serverError(error.cause);
}

/**
 * An ERROR means a certain rollback. A FATAL (shutdown) or a lost connection leaves the outcome of the commit unknown.
 */
function isRefusedByServer(error: unknown): boolean {
  return serverError(error)?.severity === "ERROR";
}

/** A cloned process image, or a forger, used the same numbers: this writer can no longer write events. */
function isNumberTaken(error: unknown): boolean {
  const refusal = serverError(error);
  return refusal?.code === "23505" && refusal.constraint_name === "audit_events_writer";
}

/** Asks the database for the outcome of unconfirmed transactions. Numbers that it cannot resolve stay in doubt. */
async function resolveDoubts(writer: AuditWriter, db: Database): Promise<void> {
  for (const [transactionId, numbers] of [...writer.doubtful]) {
    writer.doubtful.delete(transactionId);
    const [row] = await db
      .execute<{ status: string | null }>(sql`select pg_xact_status(${transactionId.toString()}::xid8) as status`)
      .catch(() => [{ status: "unknown" }]);
    if (row?.status === "committed") writer.confirm(numbers);
    else if (row?.status === "aborted") writer.giveBack(numbers);
    else writer.doubtful.set(transactionId, numbers);
  }
}
