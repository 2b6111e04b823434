import { AppError } from "@/lib/core/errors";
import { storeAsAppError } from "@/lib/storage/store-as-app-error";
import { StoreError } from "@/lib/storage/store-error";

/**
 * An `AppError` as it is, and a `StoreError` that no operation handled as the table answers it. Null for any other
 * error.
 */
export function knownError(error: unknown): AppError | null {
  if (error instanceof StoreError) return storeAsAppError(error);
  return error instanceof AppError ? error : null;
}

/**
 * The page that a refusal leads to, by its HTTP status in the table of errors. Null: the page for a failure is
 * shown.
 */
export function refusalPage(error: unknown): "password" | "sign-in" | "forbidden" | "not-found" | null {
  const known = knownError(error);
  if (known?.code === "password_change_required") return "password";
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
