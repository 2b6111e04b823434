import { z } from "zod";

/** The document that vCons of a package follow. It is no standard yet. */
export const vconDraft = "draft-ietf-vcon-vcon-core-04";

/** Deprecated by the draft, which still names it; readers of earlier drafts ask for it. */
export const vconVersion = "0.5.0";

const moment = z.iso.datetime({ offset: true });

const party = z.strictObject({
  tel: z
    .string()
    .regex(/^tel:\+?[0-9]{3,}$/)
    .optional(),
  name: z.string().min(1).optional(),
});

const recordingDialog = z
  .strictObject({
    type: z.literal("recording"),
    start: moment,
    /** Seconds. */
    duration: z.number().nonnegative().optional(),
    /** Indices of `parties`, one for each channel; null: nobody is heard there, or nobody knows who. */
    parties: z.array(z.int().nonnegative().nullable()).min(1),
    originator: z.int().nonnegative().optional(),
    mediatype: z.string().regex(/^audio\/[\w.+-]+/),
    filename: z.string(),
    body: z.base64url(),
    encoding: z.literal("base64url"),
  })
  .describe("recording");

/** A call of which the person gets no audio. */
const incompleteDialog = z.strictObject({
  type: z.literal("incomplete"),
  start: moment,
  duration: z.number().nonnegative().optional(),
  parties: z.array(z.int().nonnegative().nullable()).min(1),
  originator: z.int().nonnegative().optional(),
  disposition: z.literal("failed"),
});

/** The part of the draft that packages use, strictly: own schema, because no library has one. */
export const vconSchema = z
  .strictObject({
    vcon: z.literal(vconVersion),
    uuid: z.uuid({ version: "v8" }),
    created_at: moment,
    parties: z.array(party).min(1),
    dialog: z.array(z.discriminatedUnion("type", [recordingDialog, incompleteDialog])),
    analysis: z.tuple([]),
    attachments: z.tuple([]),
  })
  .refine(({ parties, dialog }) => dialog.every((of) => of.parties.every((index) => (index ?? 0) < parties.length)), {
    message: "a dialog names a party that is not there",
  });

export type Vcon = z.output<typeof vconSchema>;
