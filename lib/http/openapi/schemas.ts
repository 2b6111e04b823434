import { z } from "zod";
import { mostItems } from "@/lib/uploads/batch/batch-input";
import { completion, completionRequest } from "@/lib/uploads/completion/completion-request";
import { signedPut, uploadOffer } from "@/lib/uploads/upload-offer";
import { partRequest } from "@/lib/uploads/parts/request-part";
import { arrivals, dueOnArrival } from "@/lib/uploads/count-due-on-arrival";
import { uploadRequest } from "@/lib/uploads/upload-request";
import { triggerReport } from "@/lib/retention/report-trigger";
import { errorStatus } from "@/lib/core/errors";
import { locales } from "@/lib/i18n/locales";
import { undeliveredReport } from "@/lib/notifications/messages/report-undelivered";
import { recordingState } from "@/lib/db/schema/recording-words";

const codes = Object.keys(errorStatus) as [string, ...string[]];

const field = z.object({
  path: z.string().describe("Field of the request, with dots between nested fields; empty for the whole request"),
  reason: z.string().describe("Short reason code"),
});

/** The body of every error response: RFC 9457. */
const problemSchema = z
  .object({
    type: z.string().regex(/^urn:custodia:problem:/),
    title: z.string(),
    status: z.int().min(400).max(599),
    code: z.enum(codes).describe("Stable error code"),
    requestId: z.uuid().optional().describe("Id of the request in the log of the portal"),
    fields: z
      .array(field)
      .optional()
      .describe("With invalid_input, unknown_unit, not_audio and unsupported_media_type"),
  })
  .meta({ description: "Problem details (RFC 9457)" });

/** The answer to POST /api/recordings. */
const ticketSchema = z.object({
  id: z.uuid().describe("Id of the recording"),
  state: z.enum(["pending", "stored"]),
  upload: uploadOffer.nullable().describe("Null if the recording is already stored"),
});

/** The answer to POST /api/recordings/{id}/parts. */
const signedPartSchema = z.object({ partNumber: z.int(), upload: signedPut });

/** The answer to GET /api/recordings/{id}/parts. */
const partListSchema = z.object({
  partSizeBytes: z.int(),
  partCount: z.int(),
  parts: z
    .array(z.object({ partNumber: z.int(), sizeBytes: z.int() }))
    .describe("Parts in the store; the others are missing"),
});

/** The answer to POST /api/recordings/{id}/complete and to PUT /api/recordings/{id}/content. */
const completedSchema = z.object({
  id: z.uuid().describe("The recording that has these bytes"),
  state: z.literal("stored"),
});

const sourceCallId = z
  .string()
  .describe("Id of the call in the phone system, each telephone number in it replaced by `number-` and 16 letters");
const sourceRecordingId = z
  .string()
  .nullable()
  .describe("Id of the recording among those of its call; null while it depends on bytes that have not arrived");
const storedSha256 = z.string().nullable().describe("SHA-256 of the stored content; null before");

const isEmpty = z.boolean().describe("True if the stored file has no sample of sound, although its header is right");

/** The answer to GET /api/recordings/{id}. */
const uploadStateSchema = z.object({
  id: z.uuid(),
  state: z.enum(recordingState.enumValues),
  source: z.string(),
  sourceCallId,
  sourceRecordingId,
  sha256: storedSha256,
  storedAt: z.iso.datetime().nullable(),
  rejectionCode: z.string().nullable().describe("Reason for the rejection; request a new ticket and upload it again"),
  isEmpty,
  rejectionForm: z
    .string()
    .nullable()
    .describe("With not_audio and unsupported_media_type: what the content is (`video`, `janus_mjr`, `audio/mpeg`)"),
});

/** The answer to POST /api/recordings/{id}/triggers. */
const retentionDatesSchema = z.object({
  id: z.uuid(),
  retainUntil: z.iso
    .datetime()
    .describe("The first instant at which retention may delete it, unless its date is doubtful"),
  minimumUntil: z.iso
    .datetime()
    .nullable()
    .describe("The first instant at which anything may delete it; null: no legal minimum"),
  minimumKept: z
    .boolean()
    .describe(
      "True if the report would shorten the legal minimum, which was kept: only an approval in the portal can " +
        "shorten it",
    ),
});

/** The messages that the portal sends to a service account's webhook. */
const webhookSchema = z
  .object({
    type: z.enum(["recording.stored", "recording.failed", "recording.empty", "webhook.test"]),
    timestamp: z.iso.datetime().describe("Time of the event"),
    data: z.object({
      recordingId: z.uuid().optional(),
      source: z.string().optional(),
      sourceCallId: sourceCallId.optional(),
      sourceRecordingId: sourceRecordingId.optional(),
      sha256: storedSha256.optional(),
      isEmpty: isEmpty.optional(),
      code: z.string().nullable().optional().describe("Reason for the failure, an error code"),
    }),
  })
  .meta({ description: "A webhook notification, signed according to Standard Webhooks" });

/** An SMS or call for the company's gateway. */
const gatewaySchema = z
  .object({
    type: z.enum(["message.sms", "message.voice"]),
    timestamp: z.iso.datetime().describe("When the message was queued"),
    data: z.object({
      to: z.string().describe("The number in E.164, with +"),
      text: z.string(),
      language: z.enum(locales),
      expiresAt: z.iso.datetime().describe("Do not deliver it later"),
    }),
  })
  .meta({ description: "A message to a person, signed according to Standard Webhooks" });

const batchOf = <Item extends z.ZodType>(name: string, item: Item) =>
  z.strictObject({ [name]: z.array(item).min(1).max(mostItems) });

const answersOf = (accepted: z.ZodType) =>
  z.object({
    results: z.array(
      z.object({
        status: z.int().describe("HTTP status of this item"),
        body: z.union([accepted, problemSchema]),
        retryAfter: z.int().optional().describe("Seconds to wait before this item is sent again"),
      }),
    ),
  });

/** The schemas, generated from the parsers of the portal. */
export const schemas = {
  UploadRequest: schemaOf(uploadRequest, "input"),
  UploadTicket: schemaOf(ticketSchema),
  UploadRequests: schemaOf(batchOf("recordings", uploadRequest), "input"),
  UploadTickets: schemaOf(answersOf(ticketSchema)),
  Completions: schemaOf(batchOf("uploads", completionRequest), "input"),
  CompletedUploads: schemaOf(answersOf(completedSchema)),
  PartRequest: schemaOf(partRequest, "input"),
  SignedPart: schemaOf(signedPartSchema),
  PartList: schemaOf(partListSchema),
  Completion: schemaOf(completion, "input"),
  CompletedUpload: schemaOf(completedSchema),
  UploadState: schemaOf(uploadStateSchema),
  Arrivals: schemaOf(arrivals, "input"),
  DueOnArrival: schemaOf(dueOnArrival),
  TriggerReport: schemaOf(triggerReport, "input"),
  RetentionDates: schemaOf(retentionDatesSchema),
  WebhookMessage: schemaOf(webhookSchema),
  GatewayMessage: schemaOf(gatewaySchema),
  UndeliveredReport: schemaOf(undeliveredReport, "input"),
  Problem: schemaOf(problemSchema),
};

function schemaOf(schema: z.ZodType, io: "input" | "output" = "output"): Record<string, unknown> {
  const { $schema: _, ...described } = z.toJSONSchema(schema, { target: "draft-2020-12", io });
  return described;
}
