import { z } from "zod";

const count = z.number().int().min(0);

/** `StoreDeletionProof` where it enters an operation. */
export const storeProof = z.object({
  store: z.string().max(60),
  objectKeys: count,
  versionsDeleted: count,
  deleteMarkersDeleted: count,
  unfinishedUploadsAborted: count,
  provedAbsentAt: z.iso.datetime(),
});
