import { z } from "zod";
import { normaliseNumber } from "@/lib/recordings/customer-number";

const code = z.string().trim().toLowerCase().regex(/^[a-z0-9][a-z0-9._-]{0,62}$/, "use letters, digits, dots, hyphens; at most 63");
const callId = z.string().trim().regex(/^[\x21-\x7e]{1,128}$/, "printable ASCII without spaces, at most 128");

/** Recordings larger than this are uploaded in parts, which this endpoint does not do. */
const largestUploadBytes = 5 * 1024 ** 3;

const customerNumber = z.string().max(32).transform((text, context) => {
  const number = normaliseNumber(text);
  if (number === null) context.addIssue({ code: "custom", message: "not a telephone number" });
  return number;
});

const oneDayMs = 24 * 60 * 60 * 1000;

/** A day ahead is let through: clocks of phone systems differ. */
const startedAt = z.iso
  .datetime({ offset: true })
  .refine((text) => Date.parse(text) < Date.now() + oneDayMs && Date.parse(text) >= Date.UTC(1990), "must lie between 1990 and now")
  .transform((text) => new Date(text));

/** What a phone system says of a call before it sends the audio. */
export const uploadRequest = z.strictObject({
  source: code.describe("The phone system, as it names itself"),
  sourceCallId: callId.describe("Its own id of the call; with `source` the idempotency key"),
  unit: code.describe("Code of a unit of the company; must exist"),
  queue: code.nullish().describe("Code of the queue; created when new"),
  agent: code.nullish().describe("Code of the attendant; created when new"),
  agentName: z.string().trim().min(1).max(120).nullish().describe("Kept encrypted"),
  direction: z.enum(["inbound", "outbound", "internal"]),
  startedAt: startedAt.describe("When the call began, RFC 3339 with its offset"),
  customerNumber: customerNumber.nullish().describe("Kept encrypted; null when withheld"),
  contentType: z.string().trim().toLowerCase().max(100).describe("audio/wav, audio/mpeg, audio/ogg, audio/flac or audio/mp4"),
  sizeBytes: z.int().min(1).max(largestUploadBytes),
  sha256: z.string().toLowerCase().regex(/^[0-9a-f]{64}$/, "64 hexadecimal digits").describe("SHA-256 of the file"),
});

export type UploadRequest = z.output<typeof uploadRequest>;
