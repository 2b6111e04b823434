import { AppError } from "@/lib/core/errors";
import { knownError } from "@/lib/http/known-error";
import { requestIdOf } from "@/lib/http/request-context";
import { configuredStore } from "@/lib/storage/configured-store";
import { answerStoreRequest } from "@/lib/http/answer-store-request";
import { isLinkedStore } from "@/lib/storage/links/linked-store";
import type { ObjectStore } from "@/lib/storage/object-store";
import { keepUnderOwnKey } from "@/lib/uploads/keep-under-own-key";
import { noteUploadRefusal } from "@/lib/uploads/note-upload-refusal";

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
  const keep = store.capabilities.conditionalWrite ? undefined : keepUnderOwnKey(store, context);
  try {
    return await answerStoreRequest(store, request, key, keep);
  } catch (error) {
    const refusal = knownError(error);
    if (request.method === "PUT" && refusal && refusal.status < 500)
      await noteUploadRefusal(context, { objectKey: key, code: refusal.code });
    throw error;
  }
}
