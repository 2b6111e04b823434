import type { RecordingInCustody } from "@/lib/drift/list-recordings-to-verify";
import type { DriftFacts, DriftKind } from "@/lib/drift/found-drift";
import type { ObjectFacts, ObjectStore } from "@/lib/storage/object-store";

export type Difference = { kind: DriftKind; facts: DriftFacts };

/** How what the store says of an object differs from what it said when it was taken into custody. */
export function compareObject(recording: RecordingInCustody, facts: ObjectFacts, store: ObjectStore): Difference[] {
  const content = contentDifference(recording, facts);
  const encryption = encryptionDifference(recording, facts, store);
  return [...(content ? [content] : []), ...(encryption ? [encryption] : [])];
}

function contentDifference({ sizeBytes, sha256, objectEtag }: RecordingInCustody, facts: ObjectFacts): Difference | null {
  if (facts.sizeBytes !== sizeBytes) return { kind: "content_changed", facts: { change: "size", expectedBytes: sizeBytes, foundBytes: facts.sizeBytes } };
  if (facts.sha256 !== null && facts.sha256 !== sha256.toString("hex")) return { kind: "content_changed", facts: { change: "sha256" } };
  if (objectEtag !== null && facts.etag !== objectEtag) return { kind: "content_changed", facts: { change: "etag" } };
  return null;
}

/** A store that reported nothing at that time is compared only when it now says that there is no encryption. */
function encryptionDifference({ encryption: expected }: RecordingInCustody, { encryption: found }: ObjectFacts, { capabilities }: ObjectStore): Difference | null {
  const [foundAlgorithm, foundKeyId] = typeof found === "string" ? [found, null] : [found.algorithm, found.keyId];
  const isSame = expected === null ? !(found === "none" && capabilities.encryption.length > 0) : expected.algorithm === foundAlgorithm && expected.keyId === foundKeyId;
  if (isSame) return null;
  return { kind: "encryption_changed", facts: { expectedAlgorithm: expected?.algorithm ?? "unverifiable", expectedKeyId: expected?.keyId ?? null, foundAlgorithm, foundKeyId } };
}
