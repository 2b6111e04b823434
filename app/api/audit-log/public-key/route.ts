import { readPublicKeysPem } from "@/lib/audit/read-public-keys-pem";
import { route } from "@/lib/http/route";

export const GET = route(
  readPublicKeysPem,
  () => ({}),
  (pem) =>
    new Response(pem, {
      headers: {
        "Content-Type": "application/x-pem-file",
        "Content-Disposition": 'attachment; filename="custodia-audit-keys.pem"',
      },
    }),
);
