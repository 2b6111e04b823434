import { examples } from "@/lib/openapi/examples";
import { json, problems, statusOf } from "@/lib/openapi/responses";

const recordingId = { name: "id", in: "path", required: true, description: "Id that the ticket gave", schema: { type: "string", format: "uuid" } };
const authentication = ["unknown_api_key", "unauthenticated", "forbidden", "cross_site", "password_change_required", "internal"] as const;

/** POST /api/recordings */
export const askForTicket = {
  operationId: "requestUpload",
  summary: "Ask for a signed upload of one call",
  description:
    "Idempotent by `source` and `sourceCallId`. Asked again before the call is stored, it answers a fresh ticket for the same recording and earlier tickets end; what is said last counts. Asked again afterwards, `upload` is null.",
  requestBody: { required: true, content: { "application/json": { schema: { $ref: "#/components/schemas/UploadRequest" }, examples: { call: { value: examples.request } } } } },
  responses: {
    201: json("A new recording waits for its bytes", "UploadTicket", examples.ticket, { location: { description: "Where its state is read", schema: { type: "string" } } }),
    200: json("A fresh ticket for a known recording, or none when it is stored", "UploadTicket", examples.alreadyStored),
    ...problems(statusOf(...authentication, "invalid_json", "unsupported_media_type", "too_large", "invalid_input", "unknown_unit", "conflict", "already_stored", "already_deleted", "store_unavailable")),
  },
};

/** PUT of the bytes. With S3 the address is the bucket's; the disk store's is the portal's own. */
export const sendBytes = {
  operationId: "sendRecording",
  summary: "Send the bytes to the address in the ticket",
  description:
    "The address is `upload.url` of the ticket, as it is: it carries its own authority, so send no API key. With an S3 store it is the bucket's and its refusals are S3's XML; the answers below are those of the disk store. One key, this size, this type, this SHA-256, once, until it expires.",
  security: [],
  parameters: [
    { name: "key", in: "path", required: true, description: "Part of the signed address", schema: { type: "string" } },
    { name: "content-length", in: "header", required: true, description: "`sizeBytes` of the request", schema: { type: "integer" } },
  ],
  requestBody: { required: true, description: "The file. `Content-Type` as in `upload.headers`; not encoded", content: { "audio/*": {} } },
  responses: {
    200: { description: "Stored, not yet in custody: complete it", headers: { etag: { description: "Of the object", schema: { type: "string" } } } },
    ...problems({ ...statusOf("forbidden", "expired", "not_found", "size_mismatch", "checksum_mismatch", "too_large", "internal"), already_exists: 412, invalid_key: 400, invalid_request: 400, unavailable: 503 }),
  },
};

/** POST /api/recordings/{id}/complete */
export const completeUpload = {
  operationId: "completeUpload",
  summary: "Say that the bytes were sent",
  description: "The portal then looks at what the store holds: size, SHA-256, real audio by its bytes, encryption. Safe to repeat. A rejected recording keeps nothing; ask for a new ticket and send it again.",
  parameters: [recordingId],
  responses: {
    200: json("In custody, with its retention date", "CompletedUpload", examples.completed),
    ...problems(
      statusOf(...authentication, "not_found", "not_uploaded", "already_stored", "ticket_expired", "ticket_used", "size_mismatch", "checksum_mismatch", "empty_file", "not_audio", "unsupported_media_type", "encryption_missing", "invalid_input", "default_policy_required", "store_unavailable"),
    ),
  },
};

/** GET /api/recordings/{id} */
export const readUpload = {
  operationId: "readUpload",
  summary: "Where an upload of one's own stands",
  parameters: [recordingId],
  responses: { 200: json("Its state", "UploadState", examples.state), ...problems(statusOf(...authentication, "not_found", "invalid_input")) },
};
