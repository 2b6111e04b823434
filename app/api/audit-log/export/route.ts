import { exportAuditLog } from "@/lib/audit/export-audit-log";
import { exportResponse } from "@/lib/http/audit-export-response";
import { assertSameOrigin } from "@/lib/http/session/same-origin";
import { route } from "@/lib/http/route";

export const GET = route(
  exportAuditLog,
  (request) => {
    // The GET records an event and returns the log, so other sites must not start it.
    assertSameOrigin(request.headers);
    return Object.fromEntries([...new URL(request.url).searchParams].filter(([, value]) => value !== ""));
  },
  exportResponse,
);
