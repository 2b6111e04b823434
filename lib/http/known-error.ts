import { AppError } from "@/lib/core/errors";
import { databaseAway } from "@/lib/db/database-away";
import { storeAsAppError } from "@/lib/storage/store-as-app-error";
import { StoreError } from "@/lib/storage/store-error";

/**
 * `AppError`s pass; uncaught `StoreError`s are converted by the error table, and so is a database that is away; other
 * errors give null.
 */
export function knownError(error: unknown): AppError | null {
  if (error instanceof StoreError) return storeAsAppError(error);
  return error instanceof AppError ? error : databaseAway(error);
}

/** The page for a refusal, by its HTTP status in the error table. Null: the failure page is shown. */
export function refusalPage(
  error: unknown,
): "password" | "second-factor" | "sign-in" | "forbidden" | "not-found" | null {
  const known = knownError(error);
  if (known?.code === "password_change_required") return "password";
  if (known?.code === "second_factor_required") return "second-factor";
  switch (known?.status) {
    case 401:
      return "sign-in";
    case 403:
      return "forbidden";
    case 404:
    case 422:
      return "not-found";
    default:
      return null;
  }
}
