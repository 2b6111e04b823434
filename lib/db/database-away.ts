import { AppError } from "@/lib/core/errors";

const retryAfterSeconds = 5;

/** Codes of postgres.js for a connection that was not made, or was lost. */
const lostConnection = /^CONNECT(_TIMEOUT|ION_(CLOSED|ENDED|DESTROYED))$/;

/**
 * SQLSTATEs of a server that cannot serve now: connection exceptions (08), too few resources (53), shutdown, crash
 * recovery and start (57P), a standby, which takes no writes (25006), and a restore that has not made the database or
 * its tables yet (3D000, 42P01).
 */
const cannotServe = /^(08...|53...|57P0[1-5]|25006|3D000|42P01)$/;

/** Errors of the system that end a connection. Others use the network as well: only the database's are marked. */
const networkCodes: ReadonlySet<string> = new Set([
  ...["ECONNREFUSED", "ECONNRESET", "EPIPE", "ETIMEDOUT", "EHOSTUNREACH", "ENETUNREACH", "EHOSTDOWN"],
  ...["ENOTFOUND", "EAI_AGAIN"],
]);

/**
 * Whether the database could not be reached, ended the connection or does not serve now, so that the same request may
 * succeed soon.
 * @param isFromDatabase the error comes from a call of the database, and not from another network call.
 */
function isDatabaseAway(error: unknown, isFromDatabase: boolean): boolean {
  if (!(error instanceof Error)) return false;
  const code = "code" in error ? String(error.code) : "";
  if (lostConnection.test(code) || (error.name === "PostgresError" && cannotServe.test(code))) return true;
  // postgres.js adds the statement to the errors of a connection, drizzle wraps them.
  const isStatement = isFromDatabase || "query" in error;
  return (isStatement && networkCodes.has(code)) || isDatabaseAway(error.cause, isStatement);
}

/** The answer for a database that is away; null for any other error. */
export function databaseAway(error: unknown, isFromDatabase = false): AppError | null {
  if (error instanceof AppError || !isDatabaseAway(error, isFromDatabase)) return null;
  return new AppError("database_unavailable", "the database does not serve", { retryAfterSeconds }, { cause: error });
}

/**
 * Runs work on the database.
 * @throws AppError `database_unavailable` if the database is away, else what the work throws.
 */
export async function onDatabase<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    throw databaseAway(error) ?? error;
  }
}
