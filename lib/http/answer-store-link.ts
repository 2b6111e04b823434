import { requestIdOf } from "@/lib/http/request-context";
import { noteUploadRefusal } from "@/lib/recordings/note-upload-refusal";
import { answerStoreRequest } from "@/lib/storage/disk/answer-store-request";
import type { DiskStore } from "@/lib/storage/disk/disk-store";

/** Answers a request on a signed link of the disk store; a refused upload becomes an event of its recording. */
export async function answerStoreLink(store: DiskStore, request: Request, key: string): Promise<Response> {
  const answer = await answerStoreRequest(store, request, key);
  if (request.method !== "PUT" || answer.ok || answer.status >= 500) return answer;
  const { code } = (await answer.clone().json()) as { code: string };
  const context = { actor: { type: "anonymous" as const }, requestId: requestIdOf(request.headers), ipAddress: null };
  await noteUploadRefusal(context, { objectKey: key, code });
  return answer;
}
