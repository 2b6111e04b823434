import { EnvironmentError } from "@/lib/core/env";
import { AppError } from "@/lib/core/errors";
import { StoreError } from "@/lib/storage/store-error";

/** Explains an error to the person at the terminal. `what` is the subject of the sentence: "The check". */
export function explainFailure(what: string, error: unknown): { text: string; exitCode: number } {
  if (error instanceof EnvironmentError)
    return {
      text: `${error.message}\nOr start the portal with npm run demo: this command then uses its environment.`,
      exitCode: 2,
    };
  if (error instanceof AppError && error.code !== "database_unavailable")
    return { text: `${error.code}: ${error.detail}`, exitCode: 1 };
  // Before the connection codes below, which a store's error may have as well.
  if (error instanceof StoreError)
    return { text: `${what} failed at the store, ${error.code}: ${error.message}`, exitCode: 1 };
  const cause = deepestCause(error);
  const code = cause instanceof Error && "code" in cause ? String(cause.code) : "";
  if (/^(ECONN|ENOTFOUND|EHOSTUNREACH|ETIMEDOUT|CONNECT_TIMEOUT|CONNECTION_|28|3D|57P)/.test(code)) {
    return {
      text:
        `The database of DATABASE_URL cannot be used (${code}). ` +
        "Check that it is running and that the address is correct.",
      exitCode: 2,
    };
  }
  return { text: `${what} failed: ${cause instanceof Error ? cause.message : String(cause)}`, exitCode: 1 };
}

/** Operations and drizzle wrap what the driver threw. */
function deepestCause(error: unknown): unknown {
  return error instanceof Error && error.cause ? deepestCause(error.cause) : error;
}
