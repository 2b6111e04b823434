import type { IssuedDocument } from "@/lib/compliance/documents/issue-document";

/** A document of compliance as a download. */
export function documentResponse({ name, contentType, body }: IssuedDocument): Response {
  return new Response(typeof body === "string" ? body : Uint8Array.from(body), {
    headers: {
      "Content-Type": contentType,
      "Content-Disposition": `attachment; filename="${name}"`,
      "Cache-Control": "no-store",
      "X-Content-Type-Options": "nosniff",
    },
  });
}
