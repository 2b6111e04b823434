import { examples } from "@/lib/http/openapi/examples";
import {
  audioBody,
  authentication,
  header,
  json,
  recordingId,
  refusals,
  refusedContent,
} from "@/lib/http/openapi/responses";

/** PUT of the bytes: to an S3 store at its own address, to the disk store at `/api/store/{key}`. */
export const sendRecording = {
  operationId: "sendRecording",
  summary: "Upload the file to the address in the ticket",
  description:
    "Use `upload.url` of the ticket unchanged. The link is signed, so send no API key. With an S3 store the link " +
    "leads to the bucket, which answers errors as XML; the responses below are those of the disk store. Its link " +
    "accepts only the announced size, type and SHA-256, until it expires; after one complete PUT it answers 412. " +
    "docs/uploading.md describes what other stores check, and what a second PUT does there. A completed recording " +
    "never changes.",
  security: [],
  parameters: [
    { name: "key", in: "path", required: true, description: "Part of the signed address", schema: { type: "string" } },
    header("content-length", "`sizeBytes` of the request", "integer"),
  ],
  requestBody: audioBody("The file, not encoded. `Content-Type` as in `upload.headers`"),
  responses: {
    200: {
      description: "Uploaded, not yet in custody: complete the upload",
      headers: { etag: { description: "ETag of the object", schema: { type: "string" } } },
    },
    ...refusals(
      "invalid_key",
      "forbidden",
      "not_found",
      "expired",
      "already_exists",
      "too_large",
      "size_mismatch",
      "checksum_mismatch",
      "internal",
      "store_unavailable",
      "key_unavailable",
    ),
  },
};

/** PUT /api/recordings/{id}/content */
export const sendContent = {
  operationId: "sendContent",
  summary: "Upload the file through the portal",
  description:
    "For phone systems that cannot compute a SHA-256: a ticket of the kind `content`. The portal counts and " +
    "hashes the bytes while it sends them to the store, and verifies them. The recording is stored when the " +
    "answer is 200, which has the id of the recording with these bytes: content that differs from what was " +
    "sent before is another recording of the call, or `already_stored` if a `sourceRecordingId` was given. " +
    "Nothing is stored of an incomplete body, and the PUT may be repeated.",
  parameters: [
    recordingId,
    header("content-length", "Size of the file, at most 5 GiB; a body of unknown length is refused", "integer"),
    header(
      "content-digest",
      "RFC 9530; if it contains a `sha-256`, other bytes are refused. `Repr-Digest` is treated the same",
      "string",
      false,
    ),
  ],
  requestBody: audioBody("The file, not encoded. `Content-Type` as declared, or none"),
  responses: {
    200: json("In custody, with its retention date", "CompletedUpload", { completed: examples.completed }),
    ...refusals(
      ...authentication,
      "not_found",
      "wrong_upload_kind",
      "ticket_used",
      "ticket_expired",
      "already_stored",
      "upload_conflict",
      "already_deleted",
      "length_required",
      "too_large",
      "upload_interrupted",
      "invalid_input",
      ...refusedContent,
    ),
  },
};
