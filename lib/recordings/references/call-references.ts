import { blindIndex } from "@/lib/core/crypto/blind-index";
import { decryptField, encryptField } from "@/lib/core/crypto/field-encryption";
import type { recordings } from "@/lib/db/schema/recordings";
import type { Actor } from "@/lib/operation/actor";
import { isAllowed } from "@/lib/operation/permissions";
import { presentTaxId, readTaxId, type TaxIdReading } from "@/lib/core/tax-id";

/** What names the call or its customer beside the number: personal data, found by the whole value. */
export const referenceKinds = ["protocol", "customerReference", "taxId"] as const;
export type ReferenceKind = (typeof referenceKinds)[number];

type Sent = { protocol?: string | null; customerReference?: string | null; customerTaxId?: string | null };

/** The columns of the references that a phone system sent: encrypted, with the search digest of each. */
export function referenceColumns({ protocol, customerReference, customerTaxId }: Sent) {
  return {
    protocolEncrypted: protocol ? encryptField("recording.protocol", protocol) : null,
    protocolIndex: referenceDigest("protocol", protocol ?? ""),
    customerReferenceEncrypted: customerReference
      ? encryptField("recording.customer_reference", customerReference)
      : null,
    customerReferenceIndex: referenceDigest("customerReference", customerReference ?? ""),
    ...taxIdColumns(readTaxId(customerTaxId ?? "")),
  };
}

/** The columns of a CPF or CNPJ as it was read. Only a valid one has a search digest. */
export const taxIdColumns = (reading: TaxIdReading | null) => ({
  taxIdKind: reading?.kind ?? null,
  taxIdEncrypted: reading && encryptField("recording.tax_id", reading.value),
  taxIdIndex: reading && digestOfTaxId(reading),
});

const digestOfTaxId = ({ kind, value }: TaxIdReading) =>
  kind === "not_understood" ? null : blindIndex("tax_id", value);

/** The columns of a recording that has no references, or has lost them. */
export const noReferences = {
  ...{ protocolEncrypted: null, protocolIndex: null },
  ...{ customerReferenceEncrypted: null, customerReferenceIndex: null },
  ...{ taxIdKind: null, taxIdEncrypted: null, taxIdIndex: null },
} as const;

/** The digest that finds a reference. Null for what can be none: without letters and digits, or an invalid tax id. */
export function referenceDigest(kind: ReferenceKind, text: string): Buffer | null {
  if (kind === "taxId") {
    const reading = readTaxId(text);
    return reading && digestOfTaxId(reading);
  }
  const value = normalised(text);
  return value === "" ? null : blindIndex(kind === "protocol" ? "protocol" : "customer_reference", value);
}

/** Letters and digits only, as capitals, with all zeros: "2026/00123-a" is "202600123A". */
const normalised = (text: string) =>
  text
    .normalize("NFKC")
    .toUpperCase()
    .replaceAll(/[^\p{L}\p{N}]/gu, "");

type Stored = Pick<
  typeof recordings.$inferSelect,
  "protocolEncrypted" | "customerReferenceEncrypted" | "taxIdKind" | "taxIdEncrypted"
>;

/** The references for display, masked for roles that may not see them whole. */
export function presentReferences(stored: Stored, actor: Actor) {
  const whole = isAllowed(actor, "recording:read-protocol");
  const { protocolEncrypted: protocol, customerReferenceEncrypted: reference, taxIdEncrypted: taxId } = stored;
  const value = taxId && decryptField("recording.tax_id", taxId);
  return {
    protocol: protocol && masked(decryptField("recording.protocol", protocol), whole),
    customerReference: reference && masked(decryptField("recording.customer_reference", reference), whole),
    taxIdKind: stored.taxIdKind,
    taxId:
      value && stored.taxIdKind
        ? presentTaxId({ kind: stored.taxIdKind, value }, isAllowed(actor, "recording:read-tax-id"))
        : null,
  };
}

/** Masked: four dots and, of a text longer than eight characters, its last four. */
const masked = (text: string, whole: boolean) => (whole ? text : `••••${text.length > 8 ? text.slice(-4) : ""}`);
