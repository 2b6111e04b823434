import * as batchPaths from "@/lib/http/openapi/batch-paths";
import * as partPaths from "@/lib/http/openapi/part-paths";
import * as recordingPaths from "@/lib/http/openapi/recording-paths";
import { header } from "@/lib/http/openapi/responses";
import { schemas } from "@/lib/http/openapi/schemas";
import * as sendPaths from "@/lib/http/openapi/send-paths";

const notification = (summary: string) => ({
  post: {
    tags: ["recordings"],
    summary,
    security: [],
    description:
      "Signed according to Standard Webhooks 1.0. A notification may arrive more than once, always with the same " +
      "`webhook-id`. Answer 2xx within 10 seconds; any other answer is retried for a day.",
    parameters: [
      header("webhook-id", "The same for each attempt"),
      header("webhook-timestamp", "Time of the attempt, in seconds since 1970"),
      header(
        "webhook-signature",
        "`v1,` and the HMAC-SHA256 of `id.timestamp.body` in base64; two signatures, separated by a space, for a " +
          "day after the secret is replaced",
      ),
    ],
    requestBody: {
      required: true,
      content: { "application/json": { schema: { $ref: "#/components/schemas/WebhookMessage" } } },
    },
    responses: { 204: { description: "Received" } },
  },
});

/** The `webhooks` of the OpenAPI description. */
const webhooks = {
  "recording.stored": notification("A recording is in custody"),
  "recording.failed": notification("A recording was rejected or never arrived"),
  "recording.empty": notification("A recording in custody, first reported with sound, has no sample of sound"),
};

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
    tags: [{ name: "recordings", description: "Uploading recordings" }],
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
