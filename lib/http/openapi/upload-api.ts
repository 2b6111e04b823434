import { z } from "zod";
import * as paths from "@/lib/http/openapi/paths";
import { completion } from "@/lib/uploads/complete-upload";
import { partRequest } from "@/lib/uploads/request-part";
import { uploadRequest } from "@/lib/uploads/upload-request";
import { triggerReport } from "@/lib/retention/report-trigger";
import { errorStatus } from "@/lib/core/errors";
import { recordingState } from "@/lib/db/schema/recordings";

const header = (name: string, description: string) => ({
  name,
  in: "header",
  required: true,
  description,
  schema: { type: "string" },
});

/** What the portal sends to the address of a service account. */
const webhookSchema = z
  .object({
    type: z.enum(["recording.stored", "recording.failed", "webhook.test"]),
    timestamp: z.iso.datetime().describe("When it happened"),
    data: z.object({
      recordingId: z.uuid().optional(),
      source: z.string().optional(),
      sourceCallId: z.string().optional().describe("The phone system's own id of the call"),
      code: z.string().nullable().optional().describe("Why it failed, as in a problem's `code`"),
    }),
  })
  .meta({ description: "A message of the portal, signed as Standard Webhooks says" });

const message = (summary: string) => ({
  post: {
    tags: ["recordings"],
    summary,
    security: [],
    description:
      "Signed as Standard Webhooks 1.0 says. A message can come more than once, always with the same `webhook-id`. Answer 2xx within 10 seconds; anything else is tried again for a day.",
    parameters: [
      header("webhook-id", "The same at each repetition"),
      header("webhook-timestamp", "Seconds since 1970, of the attempt"),
      header(
        "webhook-signature",
        "`v1,` and the HMAC-SHA256 of `id.timestamp.body` in base64; two of them, with a space between, for a day after the secret was replaced",
      ),
    ],
    requestBody: {
      required: true,
      content: { "application/json": { schema: { $ref: "#/components/schemas/WebhookMessage" } } },
    },
    responses: { 204: { description: "Taken" } },
  },
});

/** The `webhooks` of the OpenAPI description. */
const webhooks = {
  "recording.stored": message("A recording is in custody"),
  "recording.failed": message("A recording was rejected, or never came"),
};

const codes = Object.keys(errorStatus) as [string, ...string[]];

const field = z.object({
  path: z.string().describe("Where in the request: a field, or fields joined by dots; empty for the whole"),
  reason: z.string().describe("Short and for machines"),
});

/** What every refusal looks like: RFC 9457. */
const problemSchema = z
  .object({
    type: z.string().regex(/^urn:custodia:problem:/),
    title: z.string(),
    status: z.int().min(400).max(599),
    code: z.enum(codes).describe("Stable; decide by this"),
    requestId: z.uuid().optional().describe("What the portal's log knows the request by"),
    fields: z.array(field).optional().describe("With invalid_input and unknown_unit"),
  })
  .meta({ description: "Problem details (RFC 9457)" });

const ticketId = z.uuid().describe("Names this upload: send it with the completion, and with each request for a part");

const signed = z.object({
  method: z.literal("PUT"),
  url: z.url().describe("Use it as it is. It stores these bytes under this key, once, until it expires"),
  headers: z.record(z.string(), z.string()).describe("Send exactly these, and Content-Length"),
  expiresAt: z.iso.datetime(),
});

const single = signed
  .extend({ kind: z.literal("single"), ticketId })
  .meta({ description: "One PUT of the whole file to the address, then complete" });

const content = z
  .object({
    kind: z.literal("content"),
    ticketId,
    method: z.literal("PUT"),
    url: z.url().describe("Of the portal: send the API key with it"),
    headers: z.record(z.string(), z.string()),
    expiresAt: z.iso.datetime(),
  })
  .meta({ description: "One PUT of the whole file through the portal, which then is stored: nothing to complete" });

const multipart = z
  .object({
    kind: z.literal("multipart"),
    ticketId,
    partSizeBytes: z.int().describe("Size of every part but the last"),
    partCount: z.int(),
    expiresAt: z.iso.datetime().describe("Until then parts may be asked for, sent and listed"),
  })
  .meta({ description: "Ask for a signed PUT of each part, send it, then complete" });

/** The answer to POST /api/recordings. */
const ticketSchema = z.object({
  id: z.uuid().describe("Id of the recording"),
  state: z.enum(["pending", "stored"]),
  upload: z
    .discriminatedUnion("kind", [single, multipart, content])
    .nullable()
    .describe("Null when the call is stored already: there is nothing to do"),
});

/** The answer to POST /api/recordings/{id}/parts. */
const signedPartSchema = z.object({ partNumber: z.int(), upload: signed });

/** The answer to GET /api/recordings/{id}/parts. */
const partListSchema = z.object({
  partSizeBytes: z.int(),
  partCount: z.int(),
  parts: z
    .array(z.object({ partNumber: z.int(), sizeBytes: z.int() }))
    .describe("What the store has; the others are still to be sent"),
});

/** The answer to POST /api/recordings/{id}/complete and to PUT /api/recordings/{id}/content. */
const completedSchema = z.object({ id: z.uuid(), state: z.literal("stored") });

/** The answer to GET /api/recordings/{id}. */
const uploadStateSchema = z.object({
  id: z.uuid(),
  state: z.enum(recordingState.enumValues),
  source: z.string(),
  sourceCallId: z.string(),
  storedAt: z.iso.datetime().nullable(),
  rejectionCode: z.string().nullable().describe("Why it was rejected; ask for a new ticket and send it again"),
});

/** The answer to POST /api/recordings/{id}/triggers. */
const retentionDatesSchema = z.object({
  id: z.uuid(),
  retainUntil: z.iso.datetime().describe("The first instant at which retention may delete it"),
  minimumUntil: z.iso
    .datetime()
    .nullable()
    .describe("The first instant at which anything may delete it; null: no legal minimum"),
  minimumKept: z
    .boolean()
    .describe(
      "What was said would end the legal minimum earlier, and does not: only the approval of a second person at the portal brings one forward",
    ),
});

const description = `What a phone system sends recordings with, in three steps: ask for a ticket, send the bytes as it says (in one signed PUT, in signed parts, or through the portal), complete. What is sent through the portal is complete with that.

Each step may be repeated. Every refusal is problem details (RFC 9457) with a stable \`code\`. After 5xx or no answer, begin again with the first step: nothing is stored twice.`;

/** The schemas are generated from those that the portal parses with. */
const schemas = {
  UploadRequest: schemaOf(uploadRequest, "input"),
  UploadTicket: schemaOf(ticketSchema),
  PartRequest: schemaOf(partRequest, "input"),
  SignedPart: schemaOf(signedPartSchema),
  PartList: schemaOf(partListSchema),
  Completion: schemaOf(completion, "input"),
  CompletedUpload: schemaOf(completedSchema),
  UploadState: schemaOf(uploadStateSchema),
  TriggerReport: schemaOf(triggerReport, "input"),
  RetentionDates: schemaOf(retentionDatesSchema),
  WebhookMessage: schemaOf(webhookSchema),
  Problem: schemaOf(problemSchema),
};

/**
 * The OpenAPI 3.1 description of the upload API.
 * @param origin where this portal answers.
 */
export function describeUploadApi(origin: string) {
  return {
    openapi: "3.1.0",
    info: { title: "Custodia upload API", version: "1.0.0", description },
    servers: [{ url: origin }],
    security: [{ apiKey: [] }],
    tags: [{ name: "recordings", description: "Uploading recordings" }],
    paths: {
      "/api/recordings": { post: tagged(paths.askForTicket) },
      "/api/store/{key}": { put: tagged(paths.sendBytes) },
      "/api/recordings/{id}/parts": { get: tagged(paths.listParts), post: tagged(paths.askForPart) },
      "/api/recordings/{id}/content": { put: tagged(paths.sendContent) },
      "/api/recordings/{id}/complete": { post: tagged(paths.completeUpload) },
      "/api/recordings/{id}/triggers": { post: tagged(paths.reportTrigger) },
      "/api/recordings/{id}": { get: tagged(paths.readUpload) },
    },
    webhooks,
    components: {
      schemas,
      securitySchemes: {
        apiKey: {
          type: "http",
          scheme: "bearer",
          bearerFormat: "cust_…",
          description: "API key of a service account. An administrator makes it in the settings; it is shown once.",
        },
      },
    },
  };
}

const tagged = <Operation extends object>(operation: Operation) => ({ tags: ["recordings"], ...operation });

function schemaOf(schema: z.ZodType, io: "input" | "output" = "output"): Record<string, unknown> {
  const { $schema: _, ...described } = z.toJSONSchema(schema, { target: "draft-2020-12", io });
  return described;
}
