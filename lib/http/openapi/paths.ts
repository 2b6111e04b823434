import { authentication, examples, json, problems, recordingId, statusOf } from "@/lib/http/openapi/responses";

/** POST /api/recordings */
export const askForTicket = {
  operationId: "requestUpload",
  summary: "Request an upload ticket for one recording",
  description:
    "Idempotent by `source` and `sourceCallId`. `upload.kind` is the way to upload: `single`, one signed PUT; " +
    "`multipart`, signed parts, if the store supports them and the file is larger than 5 GiB or `multipart` " +
    "was requested; `content`, through the portal, if size and SHA-256 were omitted. Repeated before the " +
    "call is stored, the request returns a new ticket for the same recording and ends earlier tickets, " +
    "except that parts and PUTs through the portal continue with their ticket. The latest metadata " +
    "applies. Repeated after the call is stored, `upload` is null. Without a SHA-256 this means that " +
    "the call is stored, not that your bytes are: `PUT …/content` compares them.",
  requestBody: {
    required: true,
    content: {
      "application/json": {
        schema: { $ref: "#/components/schemas/UploadRequest" },
        examples: { call: { value: examples.request } },
      },
    },
  },
  responses: {
    201: json(
      "A new recording, waiting for its upload",
      "UploadTicket",
      { single: examples.ticket, multipart: examples.partsTicket, content: examples.contentTicket },
      { location: { description: "Address of the state of the upload", schema: { type: "string" } } },
    ),
    200: json("A new ticket for a known recording, or none if it is stored", "UploadTicket", {
      alreadyStored: examples.alreadyStored,
    }),
    ...problems(
      statusOf(
        ...authentication,
        "invalid_json",
        "unsupported_media_type",
        "too_large",
        "invalid_input",
        "unknown_unit",
        "conflict",
        "already_stored",
        "upload_conflict",
        "already_deleted",
        "store_unavailable",
      ),
    ),
  },
};

/** PUT of the bytes. With S3 the address is the bucket's; the disk store's is the portal's own. */
export const sendBytes = {
  operationId: "sendRecording",
  summary: "Upload the file to the address in the ticket",
  description:
    "The address is `upload.url` of the ticket, as it is: it carries its own authority, so send no API key. With " +
    "an S3 store it is the bucket's and its refusals are S3's XML; the answers below are those of the disk " +
    "store. Such a link takes the size, type and SHA-256 that were announced, until it expires; after one " +
    "complete PUT it answers 412. What other stores check, and what a second PUT does there, is in " +
    "docs/uploading.md; nothing that was completed changes by it.",
  security: [],
  parameters: [
    { name: "key", in: "path", required: true, description: "Part of the signed address", schema: { type: "string" } },
    {
      name: "content-length",
      in: "header",
      required: true,
      description: "`sizeBytes` of the request",
      schema: { type: "integer" },
    },
  ],
  requestBody: {
    required: true,
    description: "The file, not encoded. `Content-Type` as in `upload.headers`",
    content: { "audio/*": {} },
  },
  responses: {
    200: {
      description: "Uploaded, not yet in custody: complete the upload",
      headers: { etag: { description: "ETag of the object", schema: { type: "string" } } },
    },
    ...problems(
      statusOf(
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
    "answer is 200. An incomplete body leaves nothing, and the PUT may be repeated. Repeated after that, the " +
    "same bytes are answered 200, other bytes `already_stored`.",
  parameters: [
    recordingId,
    {
      name: "content-length",
      in: "header",
      required: true,
      description: "Size of the file, at most 5 GiB; a body of unknown length is refused",
      schema: { type: "integer" },
    },
    {
      name: "content-digest",
      in: "header",
      required: false,
      description: "RFC 9530; if it contains a `sha-256`, other bytes are refused. `Repr-Digest` is treated the same",
      schema: { type: "string" },
    },
  ],
  requestBody: {
    required: true,
    description: "The file, not encoded. `Content-Type` as declared, or none",
    content: { "audio/*": {} },
  },
  responses: {
    200: json("In custody, with its retention date", "CompletedUpload", { completed: examples.completed }),
    ...problems(
      statusOf(
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
        "size_mismatch",
        "checksum_mismatch",
        "empty_file",
        "not_audio",
        "unsupported_media_type",
        "encryption_missing",
        "invalid_input",
        "default_policy_required",
        "store_unavailable",
        "key_unavailable",
      ),
    ),
  },
};

/** POST /api/recordings/{id}/complete */
export const completeUpload = {
  operationId: "completeUpload",
  summary: "Complete an upload",
  description:
    "The portal joins the parts and verifies what the store has: size, SHA-256, audio content and encryption. " +
    "Safe to repeat. `stored` is answered only for the bytes of the given ticket: if another upload of the " +
    "same call with other content was stored, the answer is `upload_conflict`. Without a ticket, the " +
    "completion applies to the content of all uploads of the call; if they differ, the answer is " +
    "`upload_ambiguous`. Nothing is kept of a rejected recording; request a new ticket and upload it again.",
  parameters: [recordingId],
  requestBody: {
    required: false,
    content: {
      "application/json": {
        schema: { $ref: "#/components/schemas/Completion" },
        examples: { completion: { value: examples.completion } },
      },
    },
  },
  responses: {
    200: json("In custody, with its retention date", "CompletedUpload", { completed: examples.completed }),
    ...problems(
      statusOf(
        ...authentication,
        "not_found",
        "not_uploaded",
        "upload_conflict",
        "upload_ambiguous",
        "already_deleted",
        "ticket_expired",
        "ticket_used",
        "size_mismatch",
        "checksum_mismatch",
        "empty_file",
        "not_audio",
        "unsupported_media_type",
        "encryption_missing",
        "invalid_json",
        "too_large",
        "invalid_input",
        "default_policy_required",
        "store_unavailable",
        "key_unavailable",
      ),
    ),
  },
};

/** GET /api/recordings/{id} */
export const readUpload = {
  operationId: "readUpload",
  summary: "Read the state of an upload",
  parameters: [recordingId],
  responses: {
    200: json("Its state", "UploadState", { state: examples.state }),
    ...problems(statusOf(...authentication, "not_found", "invalid_input")),
  },
};

/** POST /api/recordings/{id}/triggers */
export const reportTrigger = {
  operationId: "reportTrigger",
  summary: "Report a retention trigger",
  description:
    "The end of the contract, a complaint or the resolution of the case. The latest report of a kind applies: " +
    "repeating it changes nothing, another date corrects it. Only for recordings uploaded by the same service " +
    "account.",
  parameters: [recordingId],
  requestBody: {
    required: true,
    content: {
      "application/json": {
        schema: { $ref: "#/components/schemas/TriggerReport" },
        examples: { contractEnd: { value: examples.trigger } },
      },
    },
  },
  responses: {
    200: json("Reported, with the current retention dates", "RetentionDates", { dates: examples.dates }),
    ...problems(
      statusOf(
        ...authentication,
        "invalid_json",
        "unsupported_media_type",
        "too_large",
        "not_found",
        "conflict",
        "invalid_input",
        "default_policy_required",
      ),
    ),
  },
};
