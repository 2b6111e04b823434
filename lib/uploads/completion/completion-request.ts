import { z } from "zod";

/** The optional fields of a completion. */
export const completion = z.object({
  ticketId: z
    .uuid()
    .nullish()
    .describe(
      "`upload.ticketId` of the ticket used for the upload. Without it, the upload can only be completed " +
        "if all uploads of this call had the same content",
    ),
  etag: z
    .string()
    .max(200)
    .transform((etag) => etag.replaceAll('"', ""))
    .nullish()
    .describe(
      "ETag that the store returned for the PUT. With it, a store that enforces the SHA-256 of the link " +
        "need not be read again, and completion is faster",
    ),
});

export const completionRequest = completion.extend({ recordingId: z.uuid() });

export type CompletionRequest = z.output<typeof completionRequest>;
