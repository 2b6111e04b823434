import { AppError } from "@/lib/core/errors";
import { configuredStore } from "@/lib/storage/configured-store";
import { requestIdOf } from "@/lib/http/request-context";
import { keepUnderOwnKey } from "@/lib/uploads/keep-under-own-key";
import { noteUploadRefusal } from "@/lib/uploads/note-upload-refusal";
import { answerStoreRequest } from "@/lib/storage/links/answer-store-request";
import { isLinkedStore } from "@/lib/storage/links/linked-store";

/**
 * Answers a request on a signed link of the store; a refused upload becomes an event of its recording.
 * @throws AppError `not_found` when the store's own server answers its links.
 */
export async function answerStoreLink(request: Request, key: string): Promise<Response> {
  const store = configuredStore();
  if (!isLinkedStore(store)) throw new AppError("not_found");
  const context = { actor: { type: "anonymous" as const }, requestId: requestIdOf(request.headers), ipAddress: null };
  const keep = store.capabilities.conditionalWrite ? undefined : keepUnderOwnKey(store, context);
  const answer = await answerStoreRequest(store, request, key, keep);
  if (request.method !== "PUT" || answer.ok || answer.status >= 500) return answer;
  const { code } = (await answer.clone().json()) as { code: string };
  await noteUploadRefusal(context, { objectKey: key, code });
  return answer;
}
