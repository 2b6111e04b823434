import { hash } from "node:crypto";
import { and, asc, eq, gt, gte, lte, or } from "drizzle-orm";
import { witnessClockToleranceMs } from "@/lib/audit/attestations/ask-witness";
import { readWitnessStates, type WitnessState } from "@/lib/audit/attestations/witness-states";
import { findCosignature } from "@/lib/audit/tree/cosignature";
import { parseNote } from "@/lib/audit/tree/signed-note";
import { cosignaturePath, treePrefix } from "@/lib/audit/tree/tile-names";
import { clockToleranceMs } from "@/lib/audit/verify/event-verification";
import type { Findings } from "@/lib/audit/verify/finding";
import { checkPublishedCosignatures, type CosignatureCheck } from "@/lib/audit/verify/published-cosignature-check";
import { noteKeyId, noteTypes, readVerifierKey } from "@/lib/core/crypto/verifier-key";
import { auditCheckpoints, auditCosignatures, auditSeals } from "@/lib/db/schema/audit";

type Cosigned = { seal: number; size: number; at: string };

/** What a witness cosigned. One that is not configured proves nothing: anybody can make a key of its name. */
export type WitnessReport = {
  witness: string;
  isConfigured: boolean;
  cosignatures: number;
  oldest: Cosigned | null;
  newest: Cosigned | null;
};

const perRead = 500;

/**
 * Checks the cosignatures of the database, and those of the store against them.
 * @param keys of the trees in the store, listed before the snapshot of the database; null: not read. @throws StoreError
 */
export async function checkCosignatures(
  keys: readonly string[] | null,
  check: CosignatureCheck,
): Promise<WitnessReport[]> {
  const { db, findings, witnesses, startedAt, toSequence } = check;
  const reports = new Map(witnesses.map(({ vkey, name }) => [vkey, emptyReport(name, true)]));
  const present = keys && new Set(keys);
  const expected = new Map<string, string>();
  for await (const row of readRows(check)) {
    const { vkey, origin, note, sequence, size } = row;
    const problem = problemOf(row);
    if (problem) findings.add({ code: "cosignature_invalid", seal: sequence, detail: problem });
    if (note === null || origin === null || size === null) continue;
    const key = treePrefix(origin) + cosignaturePath(sequence, vkey);
    expected.set(key, hash("sha256", note + row.line, "hex"));
    if (present && row.publishedAt && row.publishedAt.getTime() < startedAt - clockToleranceMs && !present.has(key))
      findings.add({ code: "cosignature_missing", seal: sequence, detail: `${key} is missing in the object store` });
    if (problem) continue;
    const report = reports.get(vkey) ?? emptyReport(vkey.split("+")[0]!, false);
    report.newest = { seal: sequence, size, at: row.cosignedAt.toISOString() };
    report.oldest ??= report.newest;
    report.cosignatures += 1;
    reports.set(vkey, report);
  }
  if (keys) await checkPublishedCosignatures(keys, expected, check);
  if (toSequence === Infinity) reportStates(await readWitnessStates(db, witnesses), findings);
  return [...reports.values()];
}

const emptyReport = (witness: string, isConfigured: boolean): WitnessReport => ({
  ...{ witness, isConfigured, cosignatures: 0 },
  ...{ oldest: null, newest: null },
});

type Row = {
  sequence: number;
  vkey: string;
  cosignedAt: Date;
  line: string;
  publishedAt: Date | null;
  note: string | null;
  origin: string | null;
  size: number | null;
  sealedAt: Date | null;
};

/** The cosignatures of a range, in the order of seals. Reads page by page. */
async function* readRows({ db, fromSequence, toSequence }: CosignatureCheck): AsyncGenerator<Row> {
  const { sequence, witness, cosignedAt, line, publishedAt } = auditCosignatures;
  const { note, origin, size } = auditCheckpoints;
  for (let [lastSequence, lastWitness] = [0, ""]; ;) {
    const after = or(gt(sequence, lastSequence), and(eq(sequence, lastSequence), gt(witness, lastWitness)));
    const inRange = and(gte(sequence, fromSequence), toSequence === Infinity ? undefined : lte(sequence, toSequence));
    const page = await db
      .select({
        ...{ sequence, vkey: witness, cosignedAt, line, publishedAt },
        ...{ note, origin, size, sealedAt: auditSeals.sealedAt },
      })
      .from(auditCosignatures)
      .leftJoin(auditCheckpoints, eq(auditCheckpoints.sequence, sequence))
      .leftJoin(auditSeals, eq(auditSeals.sequence, sequence))
      .where(and(inRange, after))
      .orderBy(asc(sequence), asc(witness))
      .limit(perRead);
    yield* page;
    if (page.length < perRead) return;
    [lastSequence, lastWitness] = [page.at(-1)!.sequence, page.at(-1)!.vkey];
  }
}

/** What is wrong with a cosignature, or null. */
function problemOf({ vkey, note, line, cosignedAt, sealedAt }: Row): string | null {
  const name = vkey.split("+")[0]!;
  const text = note === null ? null : parseNote(note)?.text;
  if (!text || !sealedAt) return `${name} cosigned a checkpoint that is missing or damaged`;
  const cosigner = cosignerOf(vkey);
  const found = cosigner ? findCosignature(line, cosigner, text) : null;
  if (found?.line !== line || found.at.getTime() !== cosignedAt.getTime())
    return `the cosignature of ${name} does not fit the checkpoint`;
  return found.at.getTime() < sealedAt.getTime() - witnessClockToleranceMs
    ? `${name} cosigned at ${found.at.toISOString()}, before the seal's time ${sealedAt.toISOString()}`
    : null;
}

/** A key that cannot be read signed nothing. */
function cosignerOf(vkey: string): Parameters<typeof findCosignature>[1] | null {
  try {
    const { name, publicKey } = readVerifierKey(vkey, noteTypes.cosignature);
    return { name, publicKey, keyId: noteKeyId(name, publicKey, noteTypes.cosignature) };
  } catch {
    return null;
  }
}

function reportStates(states: readonly WitnessState[], findings: Findings): void {
  for (const { name, failure, failingSince, knownSize, newest, isConflict, isUnknown, isLate } of states) {
    const since = failingSince ? ` since ${failingSince.toISOString()}` : "";
    if (isConflict)
      findings.add({
        code: "witness_conflict",
        detail: `${name} says that it cosigned another tree of this name, of ${knownSize} leaves (${failure}${since})`,
      });
    else if (isUnknown)
      findings.add({
        code: "witness_tree_unknown",
        detail: `${name} does not know the log's tree or its key, and compares nothing (${failure}${since})`,
      });
    else if (failure?.startsWith("witness_"))
      findings.add({ code: "witness_refused", detail: `${name} does not cosign: ${failure}${since}` });
    if (isLate)
      findings.add({
        code: "witness_late",
        detail: newest
          ? `${name} cosigned last at ${newest.cosignedAt.toISOString()}`
          : `${name} has never cosigned${failure ? `: ${failure}` : ""}`,
      });
  }
}
