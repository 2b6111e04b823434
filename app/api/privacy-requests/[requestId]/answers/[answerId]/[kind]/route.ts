import { answerFileResponse } from "@/lib/http/answer-file-response";
import { route } from "@/lib/http/route";
import { assertSameOrigin } from "@/lib/http/session/same-origin";
import { takeAnswerFile } from "@/lib/subject-requests/answer/take-answer-file";

/**
 * Records an event, so other sites must not trigger it. `?order=` names a certificate, `?part=` a part of a package.
 */
export const GET = route(
  takeAnswerFile,
  (request, { requestId, answerId, kind }) => {
    assertSameOrigin(request.headers);
    const { searchParams } = new URL(request.url);
    const [orderId, part] = [searchParams.get("order") ?? undefined, searchParams.get("part") ?? undefined];
    return { requestId, answerId, kind, orderId, part } as Parameters<typeof takeAnswerFile>[1];
  },
  answerFileResponse,
);
