import { z } from "zod";
import { errorStatus } from "@/lib/core/errors";
import { recordingState } from "@/lib/db/schema/recordings";

const codes = Object.keys(errorStatus) as [string, ...string[]];

const field = z.object({
  path: z.string().describe("Where in the request: a field, or fields joined by dots; empty for the whole"),
  reason: z.string().describe("Short and for machines"),
});

/** What every refusal looks like: RFC 9457. */
export const problemSchema = z
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
export const ticketSchema = z.object({
  id: z.uuid().describe("Id of the recording"),
  state: z.enum(["pending", "stored"]),
  upload: z
    .discriminatedUnion("kind", [single, multipart, content])
    .nullable()
    .describe("Null when the call is stored already: there is nothing to do"),
});

/** The answer to POST /api/recordings/{id}/parts. */
export const signedPartSchema = z.object({ partNumber: z.int(), upload: signed });

/** The answer to GET /api/recordings/{id}/parts. */
export const partListSchema = z.object({
  partSizeBytes: z.int(),
  partCount: z.int(),
  parts: z
    .array(z.object({ partNumber: z.int(), sizeBytes: z.int() }))
    .describe("What the store has; the others are still to be sent"),
});

/** The answer to POST /api/recordings/{id}/complete and to PUT /api/recordings/{id}/content. */
export const completedSchema = z.object({ id: z.uuid(), state: z.literal("stored") });

/** The answer to GET /api/recordings/{id}. */
export const uploadStateSchema = z.object({
  id: z.uuid(),
  state: z.enum(recordingState.enumValues),
  source: z.string(),
  sourceCallId: z.string(),
  storedAt: z.iso.datetime().nullable(),
  rejectionCode: z.string().nullable().describe("Why it was rejected; ask for a new ticket and send it again"),
});

/** The answer to POST /api/recordings/{id}/triggers. */
export const retentionDatesSchema = z.object({
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
