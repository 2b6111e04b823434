import { examples } from "@/lib/http/openapi/examples";
import { authentication, json, jsonBody, refusals, unreadableBody } from "@/lib/http/openapi/responses";

const eachForItself =
  "Each item has the status and body that a request of its own would get, in the order of the request; a refused " +
  "item stops no other. An error of the whole batch has changed nothing, or may be repeated. ";

const batchErrors = [...authentication, ...unreadableBody, "store_unavailable"] as const;

/** POST /api/recordings/batch */
export const requestUploads = {
  operationId: "requestUploads",
  summary: "Request upload tickets for up to 100 recordings",
  description: `${eachForItself}Otherwise as \`requestUpload\`.`,
  requestBody: jsonBody("UploadRequests", { calls: { recordings: [examples.request] } }),
  responses: {
    200: json("The answer to each item", "UploadTickets", {
      tickets: { results: [{ status: 201, body: examples.ticket }] },
    }),
    ...refusals(...batchErrors),
  },
};

/** POST /api/recordings/batch/complete */
export const completeUploads = {
  operationId: "completeUploads",
  summary: "Complete up to 100 uploads",
  description: `${eachForItself}Otherwise as \`completeUpload\`.`,
  requestBody: jsonBody("Completions", {
    completions: { uploads: [{ recordingId: examples.id, ...examples.completion }] },
  }),
  responses: {
    200: json("The answer to each item", "CompletedUploads", {
      completed: { results: [{ status: 200, body: examples.completed }] },
    }),
    ...refusals(...batchErrors),
  },
};
