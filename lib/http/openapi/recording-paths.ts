import { examples } from "@/lib/http/openapi/examples";
import {
  authentication,
  json,
  jsonBody,
  recordingId,
  refusals,
  refusedContent,
  unreadableBody,
} from "@/lib/http/openapi/responses";

/** POST /api/recordings */
export const requestUpload = {
  operationId: "requestUpload",
  summary: "Request an upload ticket for one recording",
  description:
    "A call may have several recordings. Idempotent by `source`, `sourceCallId` and `sourceRecordingId`; without the " +
    "last, by the content: the same SHA-256 is the same recording, another one is another recording of the call. " +
    "Without a SHA-256 that is decided when the bytes arrive. `upload.kind` is the way to upload: `single`, one " +
    "signed PUT; `multipart`, signed parts, if the store supports them and the file is larger than 5 GiB or " +
    "`multipart` was requested; `content`, through the portal, if size and SHA-256 were omitted. Repeated before the " +
    "recording is stored, the request returns a new ticket for the same recording and ends earlier tickets, " +
    "except that parts and PUTs through the portal continue with their ticket. The latest metadata " +
    "applies. Repeated after the recording is stored, `upload` is null. Without a SHA-256 there is a " +
    "ticket nevertheless: `stored` is answered only when the bytes have been compared.",
  requestBody: jsonBody("UploadRequest", { call: examples.request }),
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
    ...refusals(
      ...authentication,
      ...unreadableBody,
      "unknown_unit",
      "conflict",
      "already_stored",
      "upload_conflict",
      "already_deleted",
      "store_unavailable",
    ),
  },
};

/** POST /api/recordings/{id}/complete */
export const completeUpload = {
  operationId: "completeUpload",
  summary: "Complete an upload",
  description:
    "The portal joins the parts and verifies the stored object: size, SHA-256, audio content and encryption. " +
    "Safe to repeat. `stored` is answered only for the bytes of the given ticket: if another upload with the " +
    "same `sourceRecordingId` and other content was stored, the answer is `upload_conflict`. Without a ticket, " +
    "the completion applies to the content of all uploads of the recording; if they differ, the answer is " +
    "`upload_ambiguous`. A rejected recording is removed; request a new ticket and upload it again.",
  parameters: [recordingId],
  requestBody: jsonBody("Completion", { completion: examples.completion }, false),
  responses: {
    200: json("In custody, with its retention date", "CompletedUpload", { completed: examples.completed }),
    ...refusals(
      ...authentication,
      ...unreadableBody,
      "not_found",
      "not_uploaded",
      "upload_conflict",
      "upload_ambiguous",
      "already_deleted",
      "ticket_expired",
      "ticket_used",
      ...refusedContent,
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
    ...refusals(...authentication, "not_found", "invalid_input"),
  },
};

/** POST /api/recordings/due */
export const countDueOnArrival = {
  operationId: "countDueOnArrival",
  summary: "Count what is past its retention before it is sent",
  description:
    "For an import: how many recordings would be past their retention on arrival, and under which policy. They are " +
    "stored with a doubtful date, or with `acceptDue` deleted by the next retention run. Calls with the same facts " +
    "are sent together, with the number of their recordings. Nothing is stored.",
  requestBody: jsonBody("Arrivals", { archive: examples.arrivals }),
  responses: {
    200: json("The counts", "DueOnArrival", { archive: examples.dueOnArrival }),
    ...refusals(...authentication, ...unreadableBody, "default_policy_required"),
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
  requestBody: jsonBody("TriggerReport", { contractEnd: examples.trigger }),
  responses: {
    200: json("Reported, with the current retention dates", "RetentionDates", { dates: examples.dates }),
    ...refusals(...authentication, ...unreadableBody, "not_found", "conflict", "default_policy_required"),
  },
};
