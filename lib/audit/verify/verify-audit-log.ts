import type { ObjectStore } from "@/lib/storage/object-store";
import type { NamedKey } from "@/lib/core/crypto/key-list";
import type { Witness } from "@/lib/core/env/attestation-settings";
import type { Database } from "@/lib/db/client";
import { compareActs } from "@/lib/audit/verify/act-comparison";
import { checkAnchors, listAnchors, unlessUnreachable, type AnchoredSeals } from "@/lib/audit/verify/anchor-check";
import { checkCosignatures, type WitnessReport } from "@/lib/audit/verify/cosignature-check";
import { checkCounters, listCounters } from "@/lib/audit/verify/counter-check";
import { Findings, type Finding, type FindingCode } from "@/lib/audit/verify/finding";
import { logParts } from "@/lib/audit/verify/log-parts";
import { LogSource } from "@/lib/audit/verify/log-source";
import { verifyPart, type PartVerifier, type VerificationKeys } from "@/lib/audit/verify/part-verification";
import { type SealRange, signedSealOf, type SealRow } from "@/lib/audit/seal-row";
import { checkPublishedTree, listPublishedTrees } from "@/lib/audit/verify/published-tree-check";
import { checkSealLag, clockToleranceMs, type EventTotals } from "@/lib/audit/verify/event-verification";
import { checkTimeStamps, type TimeStampReport } from "@/lib/audit/verify/timestamp-check";
import { checkWriters, WriterCounters } from "@/lib/audit/verify/writer-counters";
import { configuredTimeStamps, type TimeStampSettings } from "@/lib/audit/attestations/time-stamp-state";
import { configuredWitnesses } from "@/lib/audit/attestations/witness-states";
import type { PublicKeys } from "@/lib/audit/signing-keys";
import { describeHeld, readHeldSealing } from "@/lib/audit/held-sealing";
import { isSealSignedBy, noHash, sealHash } from "@/lib/audit/seal";

/** Checks each seal: sequence, link to the previous seal, hash, signature, and that ranges are contiguous. */
class ChainCheck {
  #previous: SealRow | undefined;
  readonly #rangeEnds = new Map<string, bigint>();

  /** @param before the seal before the first checked one, if only a part of the log is checked. */
  private readonly findings: Findings;
  private readonly publicKeys: PublicKeys;

  constructor(findings: Findings, publicKeys: PublicKeys, before?: SealRow) {
    this.findings = findings;
    this.publicKeys = publicKeys;
    this.#previous = before;
  }

  check(row: SealRow): void {
    const previous = this.#previous;
    const expected = (previous?.sequence ?? 0) + 1;
    if (row.sequence !== expected)
      this.findings.add({
        code: "seal_removed",
        seal: expected,
        detail: `seals ${expected} to ${row.sequence - 1} are missing`,
      });
    else if (row.previousHash.toString("hex") !== (previous?.hash.toString("hex") ?? noHash)) {
      this.findings.add({
        code: "chain_broken",
        seal: row.sequence,
        detail: "does not name the hash of the seal before it",
      });
    }
    this.#checkTime(row, previous);
    this.#checkRange(row);
    this.#checkSignature(row);
    this.#previous = row;
  }

  #checkTime({ sequence, sealedAt }: SealRow, previous: SealRow | undefined): void {
    if (!previous || sealedAt.getTime() >= previous.sealedAt.getTime() - clockToleranceMs) return;
    const times = `sealed at ${sealedAt.toISOString()}, the one before it at ${previous.sealedAt.toISOString()}`;
    this.findings.add({ code: "seal_back_in_time", seal: sequence, detail: times });
  }

  #checkRange({ sequence, epoch, transactionFrom, transactionTo }: SealRow): void {
    const end = this.#rangeEnds.get(epoch);
    if (end !== undefined && end !== transactionFrom)
      this.findings.add({
        code: "chain_broken",
        seal: sequence,
        detail: `begins at transaction ${transactionFrom}, not at ${end}`,
      });
    this.#rangeEnds.set(epoch, transactionTo);
  }

  #checkSignature(row: SealRow): void {
    const signed = signedSealOf(row);
    const key = this.publicKeys.get(row.signingKeyId);
    if (!key)
      this.findings.add({
        code: "signing_key_unknown",
        seal: row.sequence,
        detail: `no public key "${row.signingKeyId}"`,
      });
    else if (!isSealSignedBy(signed, key))
      this.findings.add({ code: "seal_edited", seal: row.sequence, detail: "the signature is not valid" });
    else if (sealHash(signed.seal) !== row.hash.toString("hex"))
      this.findings.add({ code: "seal_edited", seal: row.sequence, detail: "its stored hash differs" });
  }
}

export type VerificationOptions = {
  db: Database;
  /** Null skips the anchors: a deleted tail or a rewritten log is then not detected. */
  store: ObjectStore | null;
  /** Null skips the HMACs, if the keys are not available. */
  hmacKeys: readonly NamedKey[] | null;
  publicKeys: PublicKeys;
  /** Reads every published tile, not only those above the leaves: one object for 256 events. */
  readsAllTiles?: boolean;
  /** Default: those of the settings. */
  witnesses?: readonly Witness[];
  timeStamps?: TimeStampSettings | null;
  /** Default: the whole log. */
  range?: Partial<SealRange>;
  /** Verifies parts of a long log beside this thread. */
  elsewhere?: PartVerifier;
};

export type VerificationReport = {
  /** "nothing_to_verify": there was no seal to compare with, so nothing is proven. */
  verdict: "whole" | "broken" | "unchecked" | "nothing_to_verify";
  seals: number;
  firstSeal: number | null;
  lastSeal: number | null;
  events: number;
  /** Events committed after the last seal. */
  unsealed: number;
  anchoredSeals: number;
  witnesses: readonly WitnessReport[];
  timestamps: TimeStampReport | null;
  counts: Partial<Record<FindingCode, number>>;
  findingCount: number;
  /** The first thousand. */
  findings: readonly Finding[];
  durationMs: number;
};

const anchorWaitMs = 10 * 60_000;

/** Reads the log once, as streams, and compares it with seals, chain, signatures, anchors, HMACs and writer counts. */
export async function verifyAuditLog({
  db,
  store,
  hmacKeys,
  publicKeys,
  readsAllTiles = false,
  witnesses = configuredWitnesses(),
  timeStamps = configuredTimeStamps(),
  range,
  elsewhere,
}: VerificationOptions): Promise<VerificationReport> {
  const startedAt = Date.now();
  const findings = new Findings();
  const sealRange = { fromSequence: 1, toSequence: Infinity, ...range };
  // Before the snapshot: an anchor listed later could belong to a seal that is newer than the snapshot.
  const anchors =
    store && (await unlessUnreachable(() => listAnchors(store, sealRange.fromSequence, findings), findings));
  const published = store && (await unlessUnreachable(() => listPublishedTrees(store), findings));
  const counters = store && (await unlessUnreachable(() => listCounters(store, findings), findings));
  return LogSource.read(db, sealRange, async (source) => {
    const held = await readHeldSealing(source.tx);
    if (held) findings.add({ code: "sealing_held", detail: describeHeld(held) });
    const check = anchors && store && { store, db: source.tx, publicKeys, findings, ...sealRange };
    const anchored = check && (await checkAnchors(anchors, check));
    if (check && published) {
      const treeCheck = { ...check, readsAllTiles };
      await unlessUnreachable(() => checkPublishedTree(published, treeCheck), findings);
    }
    const witnessCheck = { store, db: source.tx, findings, witnesses, startedAt, ...sealRange };
    const witnessed = await unlessUnreachable(() => checkCosignatures(published, witnessCheck), findings);
    const stampCheck = { ...witnessCheck, timeStamps };
    const stamped = await unlessUnreachable(() => checkTimeStamps(published, stampCheck), findings);
    const seals = await checkSeals(source, { findings, publicKeys, anchored, startedAt });
    const [events] = await Promise.all([
      checkEvents(source, { findings, keys: { hmacKeys, publicKeys }, elsewhere }),
      source.isWhole && source.beside((tx) => compareActs(tx, findings)),
    ]);
    if (counters && store) await checkCounters(counters, { store, db: source.tx, publicKeys, findings });
    if (!store) findings.add({ code: "anchors_unreachable", detail: "the anchors were not checked" });
    return {
      verdict: findings.verdict === "whole" && seals.seals === 0 ? "nothing_to_verify" : findings.verdict,
      ...seals,
      events: events.sealed,
      unsealed: events.unsealed,
      witnesses: witnessed ?? [],
      timestamps: stamped,
      counts: Object.fromEntries(findings.counts),
      findingCount: [...findings.counts.values()].reduce((sum, count) => sum + count, 0),
      findings: findings.list,
      durationMs: Date.now() - startedAt,
    };
  });
}

type SealContext = { findings: Findings; publicKeys: PublicKeys; anchored: AnchoredSeals | null; startedAt: number };

async function checkSeals(source: LogSource, { findings, publicKeys, anchored, startedAt }: SealContext) {
  const chain = new ChainCheck(findings, publicKeys, await source.sealBefore());
  const totals = { seals: 0, firstSeal: null as number | null, lastSeal: null as number | null, anchoredSeals: 0 };
  for await (const seal of source.seals()) {
    chain.check(seal);
    totals.seals += 1;
    totals.firstSeal ??= seal.sequence;
    totals.lastSeal = seal.sequence;
    const isAnchored = anchored?.get(seal.anchorEpoch)?.has(seal.sequence) ?? false;
    if (isAnchored) totals.anchoredSeals += 1;
    else if (anchored && seal.anchoredAt && seal.anchoredAt.getTime() < startedAt - clockToleranceMs) {
      findings.add({
        code: "anchor_missing",
        seal: seal.sequence,
        detail: `was anchored at ${seal.anchoredAt.toISOString()}; the object store has no copy`,
      });
    } else if (!seal.anchoredAt && seal.sealedAt.getTime() < startedAt - anchorWaitMs) {
      findings.add({
        code: "anchoring_late",
        seal: seal.sequence,
        detail: `sealed at ${seal.sealedAt.toISOString()}, not anchored yet`,
      });
    }
  }
  return totals;
}

type EventContext = { findings: Findings; keys: VerificationKeys; elsewhere: PartVerifier | undefined };

/** Verifies the events: the last part here, the others elsewhere at the same time. */
async function checkEvents(source: LogSource, { findings, keys, elsewhere }: EventContext): Promise<EventTotals> {
  const parts = await logParts(source, 1 + (elsewhere?.most ?? 0), elsewhere?.eventsEach ?? 1);
  const unsealedEpochs = source.isWhole ? await source.unsealedEpochs() : [];
  const own = parts.at(-1);
  const failed = new AbortController();
  const reports = await Promise.all([
    ...parts.slice(0, -1).map((part) => elsewhere!.verify(part, failed.signal)),
    verifyPart(own ? source.within(own.range) : source, own ?? { epochs: [] }, keys, unsealedEpochs),
  ]).catch((error: unknown) => {
    failed.abort();
    throw error;
  });
  const writers = new WriterCounters();
  for (const report of reports) {
    findings.absorb(report.findings);
    writers.absorb(report.writers);
  }
  if (!keys.hmacKeys) findings.add({ code: "hmac_key_unknown", detail: "the HMACs were not checked" });
  for (const id of new Set(reports.flatMap(({ unknownHmacKeys }) => unknownHmacKeys)))
    findings.add({ code: "hmac_key_unknown", detail: `no HMAC key "${id}" is configured` });
  await checkWriters(source, writers, findings);
  const { oldestUnsealed } = reports.at(-1)!.totals;
  const sum = (count: "sealed" | "unsealed") => reports.reduce((total, { totals }) => total + totals[count], 0);
  const totals = { sealed: sum("sealed"), unsealed: sum("unsealed"), oldestUnsealed };
  checkSealLag(totals, findings, new Date());
  return totals;
}
