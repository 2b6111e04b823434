import { header } from "@/lib/http/openapi/responses";

/** The headers of a message in the form of Standard Webhooks. */
export const signature = [
  header("webhook-id", "The same for each attempt"),
  header("webhook-timestamp", "Time of the attempt, in seconds since 1970"),
  header(
    "webhook-signature",
    "`v1,` and the HMAC-SHA256 of `id.timestamp.body` in base64; two signatures, separated by a space, while a " +
      "secret is being replaced",
  ),
];

const signed = "Signed according to Standard Webhooks 1.0. It may arrive more than once, always with the same ";

const sentByPortal = (tag: string, schema: string, summary: string, description: string, refusals = {}) => ({
  post: {
    tags: [tag],
    summary,
    security: [],
    description: `${signed}\`webhook-id\`. ${description}`,
    parameters: signature,
    requestBody: {
      required: true,
      content: { "application/json": { schema: { $ref: `#/components/schemas/${schema}` } } },
    },
    responses: { 204: { description: "Received" }, ...refusals },
  },
});

const notification = (summary: string) =>
  sentByPortal(
    "recordings",
    "WebhookMessage",
    summary,
    "Answer 2xx within 10 seconds; any other answer is retried for a day.",
  );

const message = (summary: string) =>
  sentByPortal(
    "messages",
    "GatewayMessage",
    summary,
    "Answer 2xx within 10 seconds once it is taken. Any answer but 410 and 422 is retried until `expiresAt`.",
    { 410: { description: "Refused for good" }, 422: { description: "Refused for good; the body says why" } },
  );

/** The `webhooks` of the OpenAPI description: what the portal sends to phone systems and to the company's gateways. */
export const webhooks = {
  "recording.stored": notification("A recording is in custody"),
  "recording.failed": notification("A recording was rejected or never arrived"),
  "recording.empty": notification("A recording in custody, first reported with sound, has no sample of sound"),
  "message.sms": message("An SMS to deliver"),
  "message.voice": message("A text to read out in a call"),
};
