import { withoutHidden } from "@/lib/core/text-input";
import { z } from "zod";
import { acceptedAudioTypes } from "@/lib/core/accepted-audio-types";
import { sha256Hex } from "@/lib/core/crypto/sha256-hex";
import { answers, cardDataHandlings } from "@/lib/db/schema/recording-words";
import { announcementVersion } from "@/lib/recordings/handling/call-handling";
import { contentId, reservedPrefixes } from "@/lib/db/recording-ids";

const code = z
  .string()
  .trim()
  .toLowerCase()
  .regex(/^[a-z0-9][a-z0-9._-]{0,62}$/, "use letters, digits, dots, hyphens; at most 63");
const sourceId = z
  .string()
  .trim()
  .regex(/^[\x21-\x7e]{1,128}$/, "printable ASCII without spaces, at most 128");

/** 64 GiB: days of audio. Above 5 GiB only in parts, if the store supports them. */
const largestUploadBytes = 64 * 1024 ** 3;

/** A wrong clock loses no call: the recording is stored with a doubtful date. Other years are an error of writing. */
const startedAt = z.iso
  .datetime({ offset: true })
  .refine(
    (text) => Date.parse(text) >= Date.UTC(1900) && Date.parse(text) < Date.UTC(3000),
    "must lie between the years 1900 and 3000",
  )
  .transform((text) => new Date(text));

const call = z.strictObject({
  source: code.describe("Name of the phone system"),
  sourceCallId: sourceId.describe(
    "Id of the call in the phone system. A call may have several recordings. A telephone number in it is stored and " +
      "answered as a keyed digest; the same id always leads to the same call",
  ),
  sourceRecordingId: sourceId
    .nullish()
    .describe(
      "Id of this recording among those of its call; with `source` and `sourceCallId` the idempotency key. Without " +
        "it, the same content is the same recording, and other content is another recording of the call",
    ),
  unit: code.describe("Code of an existing unit"),
  queue: code.nullish().describe("Code of the queue; created if new"),
  agent: code.nullish().describe("Code of the agent; created if new"),
  agentName: z.string().overwrite(withoutHidden).trim().min(1).max(120).nullish().describe("Stored encrypted"),
  direction: z.enum(["inbound", "outbound", "internal"]),
  callKind: code.nullish().describe("Call type, a code of your own (sale, complaint); retention policies can match it"),
  startedAt: startedAt.describe(
    "Start of the call, RFC 3339 with offset. A call longer ago than its policy keeps, or more than a day ahead, is " +
      "stored with a doubtful date: retention keeps it until a person confirms or corrects the start",
  ),
  doubtfulDate: z
    .boolean()
    .nullish()
    .describe("True if the sender doubts `startedAt`, for example because the name of the file has another date"),
  acceptDue: z
    .boolean()
    .nullish()
    .describe(
      "True if the recording may be deleted at once when its retention is over already; it is then not stored with a " +
        "doubtful date",
    ),
  customerNumber: z
    .string()
    .nullish()
    .describe(
      "As the phone system or trunk gives it; never a reason to refuse a call. Stored encrypted. What is no number " +
        "(anonymous, an extension) is kept as written, up to 256 characters; null or omitted if nothing was reported",
    ),
  protocol: z
    .string()
    .trim()
    .max(32)
    .nullish()
    .describe("Protocol of the attendance (SAC), with its zeros. Stored encrypted, found by its letters and digits"),
  customerReference: z
    .string()
    .trim()
    .max(64)
    .nullish()
    .describe("Your own reference of the customer: a contract, a ticket. Stored encrypted, found as `protocol`"),
  customerTaxId: z
    .string()
    .nullish()
    .describe(
      "CPF or CNPJ of the customer, also alphanumeric; never a reason to refuse a call. Stored encrypted. What has " +
        "wrong check digits is kept as written, up to 64 characters, and not found",
    ),
  announcementPlayed: z.enum(answers).nullish().describe("Whether the caller was told that the call is recorded"),
  announcementVersion: announcementVersion.nullish().describe("Your code of the version of the announcement's text"),
  sensitiveContent: z.enum(answers).nullish().describe("Whether sensitive personal data is said (LGPD Art. 5 II)"),
  cardDataHandling: z
    .enum(cardDataHandlings)
    .nullish()
    .describe(
      "How card data is kept out: the recording was `paused` or its sound `masked` meanwhile; `none`: neither. Say " +
        "`possibleCardData` too when card data may have been recorded",
    ),
  possibleCardData: z
    .boolean()
    .nullish()
    .describe(
      "True if the recording may have card data, for example because its pause failed: it is quarantined, and nobody " +
        "plays it until a person releases it",
    ),
  contentType: z
    .string()
    .trim()
    .toLowerCase()
    .max(100)
    .describe(
      `${Object.keys(acceptedAudioTypes).join(", ")}. The last five are of sound without a header, with parameters: ` +
        "audio/pcma;rate=8000, audio/l16;rate=16000;channels=1;endianness=little-endian",
    ),
  sizeBytes: z
    .int()
    .min(1)
    .max(largestUploadBytes)
    .nullish()
    .describe("Together with sha256; if both are omitted, the file is uploaded through the portal"),
  sha256: sha256Hex.nullish().describe("SHA-256 of the file, as hexadecimal digits"),
  multipart: z.boolean().nullish().describe("True if the sender can upload parts; a store without parts gets one PUT"),
});

/**
 * What a phone system announces about a recording before it sends the audio. Size and SHA-256 come together or not at
 * all. An id that the portal makes is accepted only for its own content.
 */
export const uploadRequest = call.superRefine(({ sourceRecordingId, sizeBytes, sha256 }, context) => {
  const ownId = sha256 ? contentId(Buffer.from(sha256, "hex")) : null;
  if (reservedPrefixes.some((prefix) => sourceRecordingId?.startsWith(prefix)) && sourceRecordingId !== ownId)
    context.addIssue({ code: "custom", path: ["sourceRecordingId"], message: "begins with a word of the portal" });
  if ((sizeBytes ?? null) === null && (sha256 ?? null) !== null)
    context.addIssue({ code: "custom", path: ["sizeBytes"], message: "belongs to sha256" });
  if ((sizeBytes ?? null) !== null && (sha256 ?? null) === null)
    context.addIssue({ code: "custom", path: ["sha256"], message: "belongs to sizeBytes" });
});

export type UploadRequest = z.output<typeof uploadRequest>;
