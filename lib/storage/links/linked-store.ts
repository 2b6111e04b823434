import { AppError } from "@/lib/core/errors";
import type { LinkGrant, StoreLinks } from "@/lib/storage/links/store-links";
import type { StoredObject } from "@/lib/storage/object-facts";
import type { ObjectStore } from "@/lib/storage/object-store";
import { StoreError, type StoreErrorCode } from "@/lib/storage/store-error";
import type { Bytes } from "@/lib/storage/store-requests";

/** A store whose links lead to the portal (`/api/store/<key>`), which signs and answers them itself. */
export type LinkedStore = ObjectStore & { readonly links: StoreLinks };

/** True if the portal answers the links of this store; false if the store's own server does. */
export function isLinkedStore(store: ObjectStore): store is LinkedStore {
  return "links" in store;
}

/**
 * Stores the body of an upload link, if its size and hash are those that were signed.
 * @throws AppError `already_exists` if the link was used before; StoreError.
 */
export type StoreLinkedBody = (
  key: string,
  body: Bytes,
  signed: Omit<LinkGrant & { operation: "put" }, "operation">,
) => Promise<StoredObject>;

/** Stores the body under the link's own key. Only a store with `conditionalWrite` then accepts it once. */
export function storeUnderLinkKey(store: ObjectStore): StoreLinkedBody {
  return async (key, body, signed) => {
    // Refuses a second sender before it sends the body. The write itself checks again.
    if (await store.head(key)) throw new AppError("already_exists", "an object under this key already exists");
    return store.put(key, body, { ...signed, ifNoneMatch: "*" }).catch((error: unknown) => {
      throw error instanceof StoreError && isLinkRefusal(error.code)
        ? new AppError(error.code, "another upload came first, or the ticket ended", {}, { cause: error })
        : error;
    });
  };
}

/** If the conditional write is refused, the link was used. */
const isLinkRefusal = (code: StoreErrorCode): code is "already_exists" | "precondition_failed" =>
  code === "already_exists" || code === "precondition_failed";
