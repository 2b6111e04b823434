import { smallint, text } from "drizzle-orm/pg-core";
import { bytes } from "@/lib/db/schema/columns";
import { numberKinds, taxIdKinds } from "@/lib/db/schema/recording-words";

/** What a recording's row has of the customer: encrypted, each with a keyed digest by which it is found. */
export const customerColumns = {
  numberKind: text("number_kind", { enum: numberKinds }),
  /** The rules by which numbers were read, and replaced in the ids. Null: those before there were versions. */
  numberVersion: smallint("number_version").default(3),
  /** Personal data of the customer, AES-256-GCM: the E.164 number, or what was written instead. Null once deleted. */
  customerNumberEncrypted: bytes("customer_number_encrypted"),
  /** Keyed digest of the E.164 number, for searching. */
  customerNumberIndex: bytes("customer_number_index"),
  /** Keyed digest of area code + last 8 digits of a mobile number that existed before the ninth digit. */
  customerNumberTailIndex: bytes("customer_number_tail_index"),
  /** Keyed digest of the last four digits, of a number or of what was not understood. */
  numberLastFourIndex: bytes("number_last_four_index"),
  /**
   * Protocol of the attendance, the company's own reference of the customer, CPF or CNPJ: personal data, AES-256-GCM,
   * each with a keyed digest of its normalised value. Null once deleted.
   */
  protocolEncrypted: bytes("protocol_encrypted"),
  protocolIndex: bytes("protocol_index"),
  customerReferenceEncrypted: bytes("customer_reference_encrypted"),
  customerReferenceIndex: bytes("customer_reference_index"),
  taxIdKind: text("tax_id_kind", { enum: taxIdKinds }),
  taxIdEncrypted: bytes("tax_id_encrypted"),
  taxIdIndex: bytes("tax_id_index"),
};
