import { z } from "zod";

const header = (name: string, description: string) => ({
  name,
  in: "header",
  required: true,
  description,
  schema: { type: "string" },
});

/** What the portal sends to the address of a service account. */
export const webhookSchema = z
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
export const webhooks = {
  "recording.stored": message("A recording is in custody"),
  "recording.failed": message("A recording was rejected, or never came"),
};
