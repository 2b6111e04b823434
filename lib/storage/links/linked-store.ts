import { AppError } from "@/lib/core/errors";
import type { LinkGrant, StoreLinks } from "@/lib/storage/links/store-links";
import type { ObjectStore, StoredObject } from "@/lib/storage/object-store";
import { StoreError, type StoreErrorCode } from "@/lib/storage/store-error";

/** A store whose links lead to the portal (`/api/store/<key>`), which signs and answers them itself. */
export type LinkedStore = ObjectStore & { readonly links: StoreLinks };

/** Whether the portal answers the links of this store. Otherwise the store's own server does. */
export function isLinkedStore(store: ObjectStore): store is LinkedStore {
  return "links" in store;
}

/**
 * Stores the body of an upload link, if it is exactly what the link was signed for.
 * @throws AppError `already_exists` when the link was used before; whatever the store throws.
 */
export type KeepUpload = (
  key: string,
  body: Uint8Array | ReadableStream<Uint8Array>,
  promised: Omit<LinkGrant & { operation: "put" }, "operation">,
) => Promise<StoredObject>;

/** Stores it under the link's own key. Only a store with `conditionalWrite` then accepts it once. */
export function keepUnderLinksKey(store: ObjectStore): KeepUpload {
  return async (key, body, promised) => {
    // Tells a second sender before it sends. The write itself decides again.
    if (await store.head(key)) throw new AppError("already_exists", "an object under this key already exists");
    return store.put(key, body, { ...promised, ifNoneMatch: "*" }).catch((error: unknown) => {
      throw error instanceof StoreError && isAboutLink(error.code)
        ? new AppError(error.code, "another upload came first, or the ticket ended", {}, { cause: error })
        : error;
    });
  };
}

/** A refusal of the conditional write is a refusal of the link. */
const isAboutLink = (code: StoreErrorCode): code is "already_exists" | "precondition_failed" =>
  code === "already_exists" || code === "precondition_failed";
