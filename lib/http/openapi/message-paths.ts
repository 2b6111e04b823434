import { examples } from "@/lib/http/openapi/examples";
import { jsonBody, refusals } from "@/lib/http/openapi/responses";
import { signature } from "@/lib/http/openapi/webhooks";

/** POST /api/messages/outcomes */
export const reportUndelivered = {
  operationId: "reportUndelivered",
  summary: "Report that a message to a person did not arrive",
  description:
    "For the company's mail system and gateways: a message that was taken came back. Signed according to Standard " +
    "Webhooks 1.0 by a secret of `MESSAGE_OUTCOME_SECRETS`; needs no API key. A repeated report, and one about an " +
    "unknown message, change nothing.",
  security: [],
  parameters: signature,
  requestBody: jsonBody("UndeliveredReport", { bounce: examples.undelivered }),
  responses: {
    204: { description: "Taken" },
    ...refusals("not_found", "unauthenticated", "too_large", "invalid_input", "internal"),
  },
};
