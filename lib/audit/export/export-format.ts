import { z } from "zod";
import { sealBodySchema } from "@/lib/audit/seal";

/**
 * An export consists of JSON lines. Each seal is followed by its events; the leaf hashes cover exactly these lines:
 *   {"export": header}
 *   {"seal": …, "signature": …}
 *   {"content": …, "epoch": …, "hmac": …, "transactionId": …}
 *   {"end": totals, "signature": …}
 * In a selection (filters other than the period) each event is followed by its position and audit path:
 *   {"proof": {"index": …, "path": […]}}
 */
export const exportType = "custodia.audit-export.v1";

const digest = z.string().regex(/^[0-9a-f]{64}$/);
const signature = z.string().regex(/^[0-9a-f]{128}$/);

export const exportHeaderSchema = z.strictObject({
  export: z.strictObject({
    type: z.literal(exportType),
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
export const exportProofSchema = z.strictObject({
  proof: z.strictObject({ index: z.int().nonnegative(), path: z.array(digest).max(64) }),
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
