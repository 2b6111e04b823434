import { and, desc, eq, gt, isNotNull, lt } from "drizzle-orm";
import { witnessConflicts, witnessIgnorances } from "@/lib/audit/attestations/cosign-checkpoint";
import { env } from "@/lib/core/env";
import type { Witness } from "@/lib/core/env/attestation-settings";
import type { ReadDatabase } from "@/lib/db/client";
import { auditAttestors, auditCheckpoints, auditCosignatures } from "@/lib/db/schema/audit";

/** A witness that has not cosigned for so long is late, if there was something to cosign. */
const lateAfterMs = 24 * 60 * 60_000;

/** What a configured witness has done. `failure`: the code of the last attempt, null after a success. */
export type WitnessState = {
  name: string;
  newest: { sequence: number; cosignedAt: Date } | null;
  failure: string | null;
  failingSince: Date | null;
  knownSize: number | null;
  isLate: boolean;
  /** It holds another tree under the name of ours. */
  isConflict: boolean;
  /** It does not know the tree or its key: if the end of the log was cut off, it could not tell. */
  isUnknown: boolean;
};

export const configuredWitnesses = (): readonly Witness[] => env().AUDIT_WITNESSES ?? [];

/** The states of witnesses, in the order of the setting. */
export async function readWitnessStates(
  db: ReadDatabase,
  witnesses: readonly Witness[] = configuredWitnesses(),
): Promise<WitnessState[]> {
  const states: WitnessState[] = [];
  for (const { vkey, name } of witnesses) {
    const { sequence, witness, cosignedAt } = auditCosignatures;
    const [newest] = await db
      .select({ sequence, cosignedAt })
      .from(auditCosignatures)
      .where(eq(witness, vkey))
      .orderBy(desc(sequence))
      .limit(1);
    const [attestor] = await db.select().from(auditAttestors).where(eq(auditAttestors.id, vkey));
    const { failure = null, failingSince = null, knownSize = null, since } = attestor ?? {};
    const isConflict = failure !== null && witnessConflicts.includes(failure);
    const isUnknown = failure !== null && witnessIgnorances.includes(failure);
    const isLate = await hasWaited(db, newest?.sequence ?? 0, since);
    states.push({ name, newest: newest ?? null, failure, failingSince, knownSize, isLate, isConflict, isUnknown });
  }
  return states;
}

/** Whether a checkpoint after this one was published so long ago, and somebody has been asked for as long. */
export async function hasWaited(
  db: ReadDatabase,
  after: number,
  since: Date | undefined,
  forMs = lateAfterMs,
): Promise<boolean> {
  const longAgo = new Date(Date.now() - forMs);
  if (since && since > longAgo) return false;
  const { sequence, publishedAt } = auditCheckpoints;
  const [waiting] = await db
    .select({ sequence })
    .from(auditCheckpoints)
    .where(and(gt(sequence, after), isNotNull(publishedAt), lt(publishedAt, longAgo)))
    .limit(1);
  return waiting !== undefined;
}
