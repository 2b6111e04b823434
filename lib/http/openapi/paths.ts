import { examples, json, problems, statusOf } from "@/lib/http/openapi/responses";

const recordingId = {
  name: "id",
  in: "path",
  required: true,
  description: "Id that the ticket gave",
  schema: { type: "string", format: "uuid" },
};
const authentication = [
  "unknown_api_key",
  "unauthenticated",
  "forbidden",
  "cross_site",
  "password_change_required",
  "internal",
] as const;

/** POST /api/recordings */
export const askForTicket = {
  operationId: "requestUpload",
  summary: "Ask for a signed upload of one call",
  description:
    "Idempotent by `source` and `sourceCallId`. `upload.kind` says how to send: `single`, one signed PUT; `multipart`, signed parts, where the store has them and the file is above 5 GiB or `multipart` was asked for; `content`, through the portal, when size and SHA-256 were left out. Asked again before the call is stored, it answers a fresh ticket for the same recording and earlier tickets end; parts and PUTs through the portal go on with the one they have. What is said last counts. Asked again afterwards, `upload` is null; without a SHA-256 that says that the call is stored, and not that your bytes are: `PUT …/content` compares them.",
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
      "A new recording waits for its bytes",
      "UploadTicket",
      { single: examples.ticket, multipart: examples.partsTicket, content: examples.contentTicket },
      { location: { description: "Where its state is read", schema: { type: "string" } } },
    ),
    200: json("A fresh ticket for a known recording, or none when it is stored", "UploadTicket", {
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
  summary: "Send the bytes to the address in the ticket",
  description:
    "The address is `upload.url` of the ticket, as it is: it carries its own authority, so send no API key. With an S3 store it is the bucket's and its refusals are S3's XML; the answers below are those of the disk store. One key, this size, this type, this SHA-256, once, until it expires.",
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
    description: "The file. `Content-Type` as in `upload.headers`; not encoded",
    content: { "audio/*": {} },
  },
  responses: {
    200: {
      description: "Stored, not yet in custody: complete it",
      headers: { etag: { description: "Of the object", schema: { type: "string" } } },
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
  summary: "Send the bytes through the portal",
  description:
    "For phone systems that can neither sign nor hash: a ticket of the kind `content`. The bytes are counted and hashed on their way to the store, looked at, and the recording is stored when this answers 200; nothing is visible of a body that did not arrive whole, and the same PUT may be sent again. Sent again afterwards, the same bytes are answered 200, others `already_stored`.",
  parameters: [
    recordingId,
    {
      name: "content-length",
      in: "header",
      required: true,
      description: "Size of the file, at most 5 GiB; a body sent in chunks of unknown length is refused",
      schema: { type: "integer" },
    },
    {
      name: "content-digest",
      in: "header",
      required: false,
      description: "RFC 9530; when it has a `sha-256`, other bytes are refused. `Repr-Digest` is read likewise",
      schema: { type: "string" },
    },
  ],
  requestBody: {
    required: true,
    description: "The file. `Content-Type` as announced, or none; not encoded",
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
  summary: "Ask for a signed PUT of one part",
  description:
    "For a ticket of the kind `multipart`. The link is for that part, size and SHA-256, for 15 minutes; send `upload.headers` with it, and no API key. Ask for the first part before you ask for others at the same time: it begins the upload at the store.",
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
  summary: "Which parts the store has",
  description: "To go on after a stop: send those that are missing, then complete.",
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
    200: json("The parts that arrived", "PartList", { parts: examples.parts }),
    ...problems(statusOf(...authentication, ...partsRefusals)),
  },
};

/** POST /api/recordings/{id}/complete */
export const completeUpload = {
  operationId: "completeUpload",
  summary: "Say that the bytes were sent",
  description:
    "The portal joins parts, and then looks at what the store holds: size, SHA-256, real audio by its bytes, encryption. Safe to repeat. `stored` is said of the bytes of the ticket that you name, and of no others: when an upload of the same call with other content took this one's place, the answer is `upload_conflict`. A completion that names no ticket means the content of every upload of the call; where these differ, the answer is `upload_ambiguous`. A rejected recording keeps nothing; ask for a new ticket and send it again.",
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
  summary: "Where an upload of one's own stands",
  parameters: [recordingId],
  responses: {
    200: json("Its state", "UploadState", { state: examples.state }),
    ...problems(statusOf(...authentication, "not_found", "invalid_input")),
  },
};

/** POST /api/recordings/{id}/triggers */
export const reportTrigger = {
  operationId: "reportTrigger",
  summary: "Say that something happened which retention may count from",
  description:
    "The end of the contract, a complaint, the resolution of the demand. What is said last of a kind counts: said again it changes nothing, said otherwise it corrects. Of one's own stored recordings only.",
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
    200: json("Noted; its dates as they are now", "RetentionDates", { dates: examples.dates }),
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
