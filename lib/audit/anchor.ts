import canonicalize from "canonicalize";
import { z } from "zod";
import { signedSealSchema, type SignedSeal } from "@/lib/audit/seal";
import type { ObjectStore } from "@/lib/storage/object-store";

const anchorSchema = z.strictObject({
  type: z.literal("custodia.audit-anchor.v1"),
  seals: z.array(signedSealSchema).min(1),
});

/** Most seals in one anchor; about a kilobyte each. */
export const sealsPerAnchor = 500;

export const anchorPrefix = "anchors/";

/** Where the anchor lies whose newest seal has this sequence. Padded, so that names sort as numbers. */
export function anchorKey(anchorEpoch: string, sequence: number): string {
  return `${anchorPrefix}${anchorEpoch}/${String(sequence).padStart(12, "0")}.json`;
}

/** Epoch and sequence of an anchor's key, or null for any other object. */
export function parseAnchorKey(key: string): { anchorEpoch: string; sequence: number } | null {
  const match = /^anchors\/([0-9a-z-]+)\/(\d{12})\.json$/.exec(key);
  return match && { anchorEpoch: match[1]!, sequence: Number(match[2]) };
}

/** Copies of seals, oldest first; always the same bytes for the same seals. */
export function anchorBody(seals: readonly SignedSeal[]): Buffer {
  return Buffer.from(canonicalize({ type: "custodia.audit-anchor.v1", seals })!);
}

/**
 * Reads an anchor from the store.
 * @returns null when it is not an anchor in its form.
 * @throws StoreError when the store cannot answer.
 */
export async function readAnchor(store: ObjectStore, key: string): Promise<SignedSeal[] | null> {
  const { stream } = await store.readRange(key, { start: 0, endInclusive: 16 * 1024 * 1024 });
  const text = await new Response(stream).text();
  try {
    return anchorSchema.parse(JSON.parse(text)).seals;
  } catch {
    return null;
  }
}
