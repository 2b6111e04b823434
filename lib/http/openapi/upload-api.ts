import * as batchPaths from "@/lib/http/openapi/batch-paths";
import * as messagePaths from "@/lib/http/openapi/message-paths";
import * as partPaths from "@/lib/http/openapi/part-paths";
import * as recordingPaths from "@/lib/http/openapi/recording-paths";
import { schemas } from "@/lib/http/openapi/schemas";
import * as sendPaths from "@/lib/http/openapi/send-paths";
import { webhooks } from "@/lib/http/openapi/webhooks";

const description =
  "Uploads recordings from a phone system in three steps: request an upload ticket, upload the file as the ticket " +
  "states (one signed PUT, signed parts, or through the portal), complete the upload. An upload through the portal " +
  "needs no completion. Many short recordings are faster in batches: up to 100 tickets, or completions, a " +
  "request.\n\n" +
  "Each step may be repeated. Every error is a problem details object (RFC 9457) with a stable `code`. After 5xx " +
  "or no answer, start again with the first step: nothing is stored twice.";

/**
 * The OpenAPI 3.1 description of the upload API.
 * @param origin this portal's origin.
 */
export function describeUploadApi(origin: string) {
  return {
    openapi: "3.1.0",
    info: { title: "Custodia upload API", version: "1.0.0", description },
    servers: [{ url: origin }],
    security: [{ apiKey: [] }],
    tags: [
      { name: "recordings", description: "Uploading recordings" },
      { name: "messages", description: "SMS, calls and e-mails to people, for the company's gateways" },
    ],
    paths: {
      "/api/recordings": { post: tagged(recordingPaths.requestUpload) },
      "/api/recordings/batch": { post: tagged(batchPaths.requestUploads) },
      "/api/recordings/batch/complete": { post: tagged(batchPaths.completeUploads) },
      "/api/recordings/due": { post: tagged(recordingPaths.countDueOnArrival) },
      "/api/store/{key}": { put: tagged(sendPaths.sendRecording) },
      "/api/recordings/{id}/parts": { get: tagged(partPaths.listParts), post: tagged(partPaths.requestPart) },
      "/api/recordings/{id}/content": { put: tagged(sendPaths.sendContent) },
      "/api/recordings/{id}/complete": { post: tagged(recordingPaths.completeUpload) },
      "/api/recordings/{id}/triggers": { post: tagged(recordingPaths.reportTrigger) },
      "/api/recordings/{id}": { get: tagged(recordingPaths.readUpload) },
      "/api/messages/outcomes": { post: { tags: ["messages"], ...messagePaths.reportUndelivered } },
    },
    webhooks,
    components: {
      schemas,
      securitySchemes: {
        apiKey: {
          type: "http",
          scheme: "bearer",
          bearerFormat: "cust_…",
          description: "API key of a service account. An administrator creates it in the settings; it is shown once.",
        },
      },
    },
  };
}

const tagged = <Operation extends object>(operation: Operation) => ({ tags: ["recordings"], ...operation });
