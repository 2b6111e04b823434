import { AppError } from "@/lib/errors";
import { StoreError } from "@/lib/storage/store-error";

/** Turns a store, or the service of its keys, that cannot be reached or slows down into an answer that says so; other failures stay as they are. */
function storeAsAppError(error: unknown): unknown {
  if (!(error instanceof StoreError) || error.retryAfterSeconds === null) return error;
  const { retryAfterSeconds } = error;
  if (error.code === "key_unavailable") return new AppError("key_unavailable", error.message, { retryAfterSeconds }, { cause: error });
  return new AppError("store_unavailable", `store: ${error.code}`, { retryAfterSeconds }, { cause: error });
}

/** Calls the store; see `storeAsAppError`. */
export async function callStore<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    throw storeAsAppError(error);
  }
}
