import type { StoreLinks } from "@/lib/storage/links/store-links";
import type { ObjectStore } from "@/lib/storage/object-store";

/** A store whose links lead to the portal (`/api/store/<key>`), which signs and answers them itself. */
export type LinkedStore = ObjectStore & { readonly links: StoreLinks };

/** Whether the portal answers the links of this store; else the store's own server does. */
export function isLinkedStore(store: ObjectStore): store is LinkedStore {
  return "links" in store;
}
