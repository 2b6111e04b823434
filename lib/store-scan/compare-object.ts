import type { RecordingInCustody } from "@/lib/store-scan/list-recordings-to-verify";
import type { DiscrepancyFacts, DiscrepancyKind } from "@/lib/store-scan/found-discrepancy";
import { storedEncryption } from "@/lib/storage/stored-encryption";
import type { ObjectFacts, ObjectStore } from "@/lib/storage/object-store";

export type Discrepancy = { kind: DiscrepancyKind; facts: DiscrepancyFacts };

/** How what the store says of an object differs from what it said when it was taken into custody. */
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

/** A store that reported nothing at that time is compared only when it now says that there is no encryption, although it is asked for some. */
function encryptionDiscrepancy(
  { encryption: expected }: RecordingInCustody,
  facts: ObjectFacts,
  { takesUnencrypted }: ObjectStore,
): Discrepancy | null {
  const found = storedEncryption(facts.encryption);
  const isSame =
    expected === null
      ? found?.algorithm !== "none" || takesUnencrypted
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

/** Whether the object has lost the encryption that there was, or is asked for. */
export function isExposed(recording: RecordingInCustody, facts: ObjectFacts, store: ObjectStore): boolean {
  const isPlain = (storedEncryption(facts.encryption)?.algorithm ?? "none") === "none";
  return (
    isPlain && recording.encryption?.algorithm !== "none" && encryptionDiscrepancy(recording, facts, store) !== null
  );
}
