import { issueDocument } from "@/lib/compliance/documents/issue-document";
import { documentResponse } from "@/lib/http/document-response";
import { route } from "@/lib/http/route";

/** A saved version as `?format=pdf|csv`; without `?version=` the latest. */
export const GET = route(
  issueDocument,
  (request, { kind }) => {
    const given = Object.fromEntries(new URL(request.url).searchParams);
    return { ...given, kind } as Parameters<typeof issueDocument>[1];
  },
  documentResponse,
);
