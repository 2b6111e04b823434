import { takeReportFile } from "@/lib/compliance/reports/take-report-file";
import { reportFileResponse } from "@/lib/http/report-response";
import { route } from "@/lib/http/route";
import { assertSameOrigin } from "@/lib/http/session/same-origin";

/** Records an event, so other sites must not trigger it. */
export const GET = route(
  takeReportFile,
  (request, { reportId, kind }) => {
    assertSameOrigin(request.headers);
    return { reportId, kind } as Parameters<typeof takeReportFile>[1];
  },
  reportFileResponse,
);
