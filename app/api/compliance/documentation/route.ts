import { issueDocumentation } from "@/lib/compliance/documentation/issue-documentation";
import { documentResponse } from "@/lib/http/document-response";
import { route } from "@/lib/http/route";
import { assertSameOrigin } from "@/lib/http/session/same-origin";

/** Records an event, so other sites must not trigger it. */
export const GET = route(
  issueDocumentation,
  (request) => {
    assertSameOrigin(request.headers);
    return {};
  },
  documentResponse,
);
