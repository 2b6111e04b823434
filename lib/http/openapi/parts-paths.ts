import { authentication, examples, json, problems, recordingId, statusOf } from "@/lib/http/openapi/responses";

const partsRefusals = [
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
export const askForPart = {
  operationId: "requestPart",
  summary: "Request a signed PUT for one part",
  description:
    "For a ticket of the kind `multipart`. The link is valid for that part, size and SHA-256, for 15 minutes. " +
    "Send `upload.headers` with it, and no API key. Request the first part alone, before any others: it starts " +
    "the upload at the store.",
  parameters: [recordingId],
  requestBody: {
    required: true,
    content: {
      "application/json": {
        schema: { $ref: "#/components/schemas/PartRequest" },
        examples: { part: { value: examples.part } },
      },
    },
  },
  responses: {
    200: json("Where to send the part", "SignedPart", { signedPart: examples.signedPart }),
    ...problems(
      statusOf(
        ...authentication,
        ...partsRefusals,
        "invalid_json",
        "unsupported_media_type",
        "too_large",
        "size_mismatch",
      ),
    ),
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
    ...problems(statusOf(...authentication, ...partsRefusals)),
  },
};
