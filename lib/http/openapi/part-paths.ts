import { examples } from "@/lib/http/openapi/examples";
import { authentication, json, jsonBody, recordingId, refusals, unreadableBody } from "@/lib/http/openapi/responses";

/** Errors of every call about parts. */
const refusedParts = [
  "not_found",
  "already_stored",
  "upload_conflict",
  "upload_ambiguous",
  "already_deleted",
  "wrong_upload_kind",
  "ticket_used",
  "ticket_expired",
  "invalid_input",
  "store_unavailable",
] as const;

/** POST /api/recordings/{id}/parts */
export const requestPart = {
  operationId: "requestPart",
  summary: "Request a signed PUT for one part",
  description:
    "For a ticket of the kind `multipart`. The link is valid for that part, size and SHA-256, for 15 minutes. " +
    "Send `upload.headers` with it, and no API key. Request the first part alone, before any others: it starts " +
    "the upload at the store.",
  parameters: [recordingId],
  requestBody: jsonBody("PartRequest", { part: examples.part }),
  responses: {
    200: json("Where to send the part", "SignedPart", { signedPart: examples.signedPart }),
    ...refusals(...authentication, ...unreadableBody, ...refusedParts, "size_mismatch"),
  },
};

/** GET /api/recordings/{id}/parts */
export const listParts = {
  operationId: "listParts",
  summary: "List the parts that the store has",
  description: "To resume an upload: send the missing parts, then complete.",
  parameters: [
    recordingId,
    {
      name: "ticketId",
      in: "query",
      required: false,
      description: "`upload.ticketId` of the ticket",
      schema: { type: "string", format: "uuid" },
    },
  ],
  responses: {
    200: json("Parts in the store", "PartList", { parts: examples.parts }),
    ...refusals(...authentication, ...refusedParts),
  },
};
