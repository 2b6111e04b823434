import { z } from "zod";
import { sealBodySchema } from "@/lib/audit/seal";

/**
 * An export consists of JSON lines. Each seal is followed by its events; the leaf hashes cover exactly these lines:
 *   {"export": header}
 *   {"section": …}
 *   {"seal": …, "signature": …}
 *   {"content": …, "epoch": …, "hmac": …, "transactionId": …}
 *   {"end": totals, "signature": …}
 * A section says where the following seals lie in the log's tree, and holds a checkpoint of it. Where the tree begins
 * with the section, its first entry follows: {"tree": …}, as `treeStart` writes it.
 * In a selection (filters other than the period) each event is followed by its positions and audit paths under its seal
 * and, if there is one, in the tree:
 *   {"proof": {"index": …, "path": […], "tree": {"index": …, "path": […]}}}
 * Version 1 has no sections, and no `tree` in proofs.
 */
export const exportType = "custodia.audit-export.v2";

const digest = z.string().regex(/^[0-9a-f]{64}$/);
const signature = z.string().regex(/^[0-9a-f]{128}$/);

export const exportHeaderSchema = z.strictObject({
  export: z.strictObject({
    type: z.enum([exportType, "custodia.audit-export.v1"]),
    createdAt: z.string(),
    controller: z.string(),
    /**
     * "batches": every event of the seals it holds, provably complete. "selection": chosen events, each with its proof.
     */
    scope: z.enum(["batches", "selection"]),
    filters: z.record(z.string(), z.string()),
    firstSeal: z.int().nullable(),
    lastSeal: z.int().nullable(),
    /** For convenience only: verify with keys obtained by another channel. */
    publicKeys: z.record(z.string(), z.string()),
  }),
});

export const exportSealSchema = z.strictObject({ seal: sealBodySchema, signature });

const index = z.int().nonnegative();
const hashes = z.array(digest).max(64);

export const exportProofSchema = z.strictObject({
  proof: z.strictObject({ index, path: hashes, tree: z.strictObject({ index, path: hashes }).optional() }),
});

/** Null: the following seals were made by a version without a tree. */
export const exportSectionSchema = z.strictObject({
  section: z
    .strictObject({
      origin: z.string(),
      /** A checkpoint (C2SP tlog-checkpoint) of the last seal of the section, or a later, published one. */
      checkpoint: z.string(),
      signingKeyId: z.string(),
      /**
       * Of whole batches: what surrounds the section's entries in the tree of the checkpoint. `before`: the number of
       * leaves, `left`: their frontier, `right`: see `rightHashes`.
       */
      range: z.strictObject({ before: index, left: hashes, right: hashes }).readonly().nullable(),
    })
    .nullable(),
});

/** The first entry of a tree, see `treeStart`. */
export const exportTreeSchema = z.strictObject({
  tree: z.strictObject({
    type: z.literal("custodia.audit-tree.v1"),
    origin: z.string(),
    previousSeal: z.strictObject({ sequence: z.int().positive(), epoch: z.string(), hash: digest }).nullable(),
  }),
});

/** The signature covers the canonical `end`, so a truncated file or a replaced header is detected. */
export const exportEndSchema = z.strictObject({
  end: z.strictObject({
    type: z.literal("custodia.audit-export-end.v1"),
    events: z.int().nonnegative(),
    seals: z.int().nonnegative(),
    /** SHA-256 of all bytes before this line. */
    sha256: digest,
    signingKeyId: z.string(),
  }),
  signature,
});

export type ExportHeader = z.output<typeof exportHeaderSchema>["export"];
export type ExportSection = NonNullable<z.output<typeof exportSectionSchema>["section"]>;
export type ExportProof = z.output<typeof exportProofSchema>["proof"];
export type ExportTreeStart = z.output<typeof exportTreeSchema>["tree"];
export type ExportEnd = z.output<typeof exportEndSchema>["end"];

const newline = 10;

/**
 * Splits a stream of bytes into lines, each after a zero byte: the leaf hash covers that prefix, so no line is copied
 * to hash it. Overwrites the line ends in the received buffers. Only the last line may be without a line end.
 */
export async function* prefixedLines(
  stream: AsyncIterable<Buffer>,
): AsyncGenerator<{ lines: Buffer[]; areComplete: boolean }> {
  let rest = Buffer.from([0]);
  for await (const received of stream) {
    const chunk = Buffer.concat([rest, received]);
    const lines: Buffer[] = [];
    let start = 0;
    for (let end = chunk.indexOf(newline, 1); end !== -1; end = chunk.indexOf(newline, end + 1)) {
      lines.push(chunk.subarray(start, end));
      chunk[end] = 0;
      start = end;
    }
    rest = chunk.subarray(start);
    yield { lines, areComplete: true };
  }
  if (rest.length > 1) yield { lines: [rest], areComplete: false };
}
