import { isSealSignedBy, noHash, sealHash } from "@/lib/audit/seal";
import { signedSealOf, type SealRow } from "@/lib/audit/seal-row";
import type { Findings } from "@/lib/audit/verify/finding";
import type { PublicKeys } from "@/lib/audit/signing-keys";

/** Checks seal after seal: sequence, link to the one before, its own hash and signature, and that ranges follow each other. */
export class ChainCheck {
  #previous: SealRow | undefined;
  readonly #rangeEnds = new Map<string, bigint>();

  /**
   * @param before the seal before the first one to be checked, when only a part of the log is.
   */
  constructor(
    private readonly findings: Findings,
    private readonly publicKeys: PublicKeys,
    before?: SealRow,
  ) {
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
    this.#checkRange(row);
    this.#checkSignature(row);
    this.#previous = row;
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
      this.findings.add({ code: "seal_edited", seal: row.sequence, detail: "its stored hash is another" });
  }
}
