import { AppError } from "@/lib/core/errors";
import { knownError } from "@/lib/http/known-error";
import { requestIdOf } from "@/lib/http/request-context";
import { configuredStore } from "@/lib/storage/configured-store";
import { answerStoreRequest } from "@/lib/http/bytes/store-request-answer";
import { isLinkedStore } from "@/lib/storage/links/linked-store";
import type { ObjectStore } from "@/lib/storage/object-store";
import { storeUnderOwnKey } from "@/lib/uploads/links/own-key-storage";
import { recordLinkRefusal } from "@/lib/uploads/links/record-link-refusal";

/**
 * Answers a request on a signed link of the store. A refused upload becomes an event of its recording.
 * @throws AppError `not_found` when the store's own server answers its links; what `answerStoreRequest` throws.
 */
export async function answerStoreLink(
  request: Request,
  key: string,
  store: ObjectStore = configuredStore(),
): Promise<Response> {
  if (!isLinkedStore(store)) throw new AppError("not_found");
  const context = { actor: { type: "anonymous" as const }, requestId: requestIdOf(request.headers), ipAddress: null };
  const storeBody = store.capabilities.conditionalWrite ? undefined : storeUnderOwnKey(store, context);
  try {
    return await answerStoreRequest(store, request, key, storeBody);
  } catch (error) {
    const refusal = knownError(error);
    if (request.method === "PUT" && refusal && refusal.status < 500)
      await recordLinkRefusal(context, { objectKey: key, code: refusal.code });
    throw error;
  }
}
