import { presentTaxId, readTaxId } from "@/lib/core/tax-id";
import { blindIndex } from "@/lib/core/crypto/blind-index";
import { decryptField, encryptField } from "@/lib/core/crypto/field-encryption";
import { readNumber } from "@/lib/core/numbers/number-reading";
import type { subjectRequestIdentifiers } from "@/lib/db/schema";
import type { IdentifierKind } from "@/lib/db/schema/subject-request-words";
import { numberColumns, presentNumber } from "@/lib/recordings/customer-number";
import { referenceDigest } from "@/lib/recordings/references/call-references";

type Row = typeof subjectRequestIdentifiers.$inferSelect;
type Digests = Pick<Row, "readAs" | "valueIndex"> & Partial<Pick<Row, "numberTailIndex" | "numberLastFourIndex">>;

/** The columns of an identifier: encrypted, with the digests by which recordings are found. */
export const identifierColumns = (kind: IdentifierKind, value: string) => ({
  kind,
  valueEncrypted: encryptField("subject_request.identifier", value),
  ...digestsOf(kind, value),
});

function digestsOf(kind: IdentifierKind, value: string): Digests {
  if (kind === "email") return { readAs: null, valueIndex: blindIndex("email", value.normalize("NFKC").toLowerCase()) };
  if (kind === "tax_id") return { readAs: readTaxId(value)?.kind ?? null, valueIndex: referenceDigest("taxId", value) };
  if (kind !== "number")
    return { readAs: null, valueIndex: referenceDigest(kind === "protocol" ? "protocol" : "customerReference", value) };
  const columns = numberColumns(readNumber(value));
  return {
    readAs: columns.numberKind,
    valueIndex: columns.customerNumberIndex,
    numberTailIndex: columns.customerNumberTailIndex,
    numberLastFourIndex: columns.numberLastFourIndex,
  };
}

/**
 * An identifier for display, as the person said it, or masked for readers who may not see it whole. Null: emptied, or
 * nothing of it may be shown.
 */
export function presentIdentifier({ kind, valueEncrypted }: Pick<Row, "kind" | "valueEncrypted">, whole: boolean) {
  const value = valueEncrypted && decryptField("subject_request.identifier", valueEncrypted);
  if (value === null || whole) return value;
  if (kind === "number") return presentNumber(numberColumns(readNumber(value)), false);
  if (kind === "tax_id") return presentTaxId(readTaxId(value)!, false);
  return null;
}
