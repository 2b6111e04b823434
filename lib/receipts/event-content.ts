import { z } from "zod";

const contentSchema = z.object({
  id: z.uuid(),
  action: z.string(),
  outcome: z.string(),
  actorType: z.enum(["user", "service", "job", "anonymous"]),
  actorId: z.string().nullable(),
  actorRole: z.string().nullable(),
  occurredAt: z.iso.datetime({ precision: 3 }),
  targetType: z.string().nullable(),
  targetId: z.string().nullable(),
  details: z.record(z.string(), z.unknown()),
});

/** The part of an event that receipts read. */
export type EventContent = z.output<typeof contentSchema>;

/** @throws ZodError if the value is not an event of the log. */
export function readContent(event: unknown): EventContent {
  return contentSchema.parse(z.object({ content: z.unknown() }).parse(event).content);
}

const count = z.int().nonnegative();

/** The details of `recording.deleted` events. */
export const deletedDetails = z.object({
  reason: z.string(),
  orderId: z.uuid().nullable().default(null),
  runId: z.uuid().nullable().default(null),
  sha256: z.string().nullable(),
  call: z.string().optional(),
  stores: z.array(z.string()),
  objectKeys: count,
  versionsDeleted: count,
  deleteMarkersDeleted: count,
  unfinishedUploadsAborted: count,
  provedAbsentAt: z.string(),
  dataKeysDestroyed: count,
  contentKeyDestroyed: z.boolean().default(false),
  copySha256: z.string().optional(),
  copySizeBytes: count.optional(),
  derivedSha256: z.array(z.string()).optional(),
  derivedSizeBytes: z.array(count).optional(),
  ledgerSequence: z.int().positive(),
  replayed: z.boolean().default(false),
});

export type DeletedDetails = z.output<typeof deletedDetails>;
