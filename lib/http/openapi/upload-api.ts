import { z } from "zod";
import * as paths from "@/lib/http/openapi/paths";
import {
  completedSchema,
  partListSchema,
  problemSchema,
  signedPartSchema,
  retentionDatesSchema,
  ticketSchema,
  uploadStateSchema,
} from "@/lib/http/openapi/schemas";
import { webhooks, webhookSchema } from "@/lib/http/openapi/webhooks";
import { completion } from "@/lib/uploads/complete-upload";
import { partRequest } from "@/lib/uploads/request-part";
import { uploadRequest } from "@/lib/uploads/upload-request";
import { triggerReport } from "@/lib/retention/report-trigger";

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
