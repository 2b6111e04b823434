import { AppError } from "@/lib/core/errors";
import { handle } from "@/lib/http/route";
import { answerStoreLink } from "@/lib/http/answer-store-link";
import { configuredStore } from "@/lib/storage/configured-store";
import { isLinkedStore } from "@/lib/storage/links/linked-store";

/** Signed links of a store that the portal answers for. With another store there is nothing here. */
const answer = handle(async (request, { key }) => {
  const store = configuredStore();
  if (!isLinkedStore(store)) throw new AppError("not_found");
  return answerStoreLink(store, request, Array.isArray(key) ? key.join("/") : String(key));
});

export { answer as GET, answer as HEAD, answer as PUT };
