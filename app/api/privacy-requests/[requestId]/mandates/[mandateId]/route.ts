import { mandateResponse } from "@/lib/http/mandate-response";
import { route } from "@/lib/http/route";
import { assertSameOrigin } from "@/lib/http/session/same-origin";
import { takeMandate } from "@/lib/subject-requests/mandates/take-mandate";

/** Records an event, so other sites must not trigger it. */
export const GET = route(
  takeMandate,
  (request, { requestId, mandateId }) => {
    assertSameOrigin(request.headers);
    return { requestId, mandateId } as Parameters<typeof takeMandate>[1];
  },
  mandateResponse,
);
