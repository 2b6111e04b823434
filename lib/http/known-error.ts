import { AppError } from "@/lib/core/errors";
import { storeAsAppError } from "@/lib/storage/store-as-app-error";
import { StoreError } from "@/lib/storage/store-error";

/** `AppError`s pass; uncaught `StoreError`s are converted by the error table; other errors give null. */
export function knownError(error: unknown): AppError | null {
  if (error instanceof StoreError) return storeAsAppError(error);
  return error instanceof AppError ? error : null;
}

/** The page for a refusal, by its HTTP status in the error table. Null: the failure page is shown. */
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
