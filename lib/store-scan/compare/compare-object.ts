import type { RecordingInCustody } from "@/lib/store-scan/compare/list-recordings-to-verify";
import type { DiscrepancyFacts, DiscrepancyKind } from "@/lib/store-scan/found-discrepancy";
import { storedEncryption } from "@/lib/storage/stored-encryption";
import type { ObjectFacts } from "@/lib/storage/object-facts";
import type { ObjectStore } from "@/lib/storage/object-store";

export type Discrepancy = { kind: DiscrepancyKind; facts: DiscrepancyFacts };

/** Compares what the store reports now with what it reported when the recording was stored. */
export function compareObject(recording: RecordingInCustody, facts: ObjectFacts, store: ObjectStore): Discrepancy[] {
  const content = contentDiscrepancy(recording, facts);
  const encryption = encryptionDiscrepancy(recording, facts, store);
  return [...(content ? [content] : []), ...(encryption ? [encryption] : [])];
}

function contentDiscrepancy(
  { sizeBytes, sha256, objectEtag }: RecordingInCustody,
  facts: ObjectFacts,
): Discrepancy | null {
  if (facts.sizeBytes !== sizeBytes)
    return {
      kind: "content_changed",
      facts: { change: "size", expectedBytes: sizeBytes, foundBytes: facts.sizeBytes },
    };
  if (facts.sha256 !== null && facts.sha256 !== sha256.toString("hex"))
    return { kind: "content_changed", facts: { change: "sha256" } };
  if (objectEtag !== null && facts.etag !== objectEtag) return { kind: "content_changed", facts: { change: "etag" } };
  return null;
}

/**
 * If the store reported nothing at that time, only missing encryption is a discrepancy, and only where it is required.
 */
function encryptionDiscrepancy(
  { encryption: expected }: RecordingInCustody,
  facts: ObjectFacts,
  { acceptsUnencrypted }: ObjectStore,
): Discrepancy | null {
  const found = storedEncryption(facts.encryption);
  const isSame =
    expected === null
      ? found?.algorithm !== "none" || acceptsUnencrypted
      : expected.algorithm === found?.algorithm && expected.keyId === found.keyId;
  if (isSame) return null;
  const names = {
    expectedAlgorithm: expected?.algorithm ?? "unverifiable",
    expectedKeyId: expected?.keyId ?? null,
    foundAlgorithm: found?.algorithm ?? "unverifiable",
    foundKeyId: found?.keyId ?? null,
  };
  return { kind: "encryption_changed", facts: names };
}

/** Whether the object lacks the encryption that it had, or that is required. */
export function isExposed(recording: RecordingInCustody, facts: ObjectFacts, store: ObjectStore): boolean {
  const isPlain = (storedEncryption(facts.encryption)?.algorithm ?? "none") === "none";
  return (
    isPlain && recording.encryption?.algorithm !== "none" && encryptionDiscrepancy(recording, facts, store) !== null
  );
}
