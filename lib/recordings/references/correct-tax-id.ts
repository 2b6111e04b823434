import { singleLine } from "@/lib/core/text-input";
import { and, eq } from "drizzle-orm";
import { z } from "zod";
import { decryptField } from "@/lib/core/crypto/field-encryption";
import { AppError } from "@/lib/core/errors";
import { recordings } from "@/lib/db/schema";
import { auditEvent } from "@/lib/operation/audit-event";
import { command } from "@/lib/operation/operation";
import { recordingScope } from "@/lib/recordings/recording-scope";
import { taxIdColumns } from "@/lib/recordings/references/call-references";
import { readTaxId, type TaxIdReading } from "@/lib/core/tax-id";
import { valueRevision } from "@/lib/recordings/value-revision";

const correction = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("tax_id"), taxId: singleLine(64) }),
  /** What was written is no CPF or CNPJ, and is removed. */
  z.object({ kind: z.literal("none") }),
]);

/**
 * Replaces what the portal read as the CPF or CNPJ of a call's customer, after a person found out what it is.
 * @throws AppError `not_found`; `conflict` when it was changed since the form was opened, or the recording is not
 * stored; `invalid_input` when the text has wrong check digits.
 */
export const correctTaxId = command({
  permission: "recording:correct-tax-id",
  input: z.object({ recordingId: z.uuid(), revision: z.string().max(64) }).and(correction),
  audits: ["recording.tax_id_corrected"],
  run: async ({ tx, actor, input }) => {
    const { id, unitId, state, taxIdKind, taxIdEncrypted } = recordings;
    const [row] = await tx
      .select({ id, unitId, state, taxIdKind, taxIdEncrypted })
      .from(recordings)
      .where(and(eq(id, input.recordingId), recordingScope(actor)))
      .for("no key update");
    if (!row) throw new AppError("not_found");
    const reading = input.kind === "none" ? null : readCorrection(input.taxId);
    const before = row.taxIdEncrypted && decryptField("recording.tax_id", row.taxIdEncrypted);
    const result = { recordingId: row.id };
    if ((reading?.kind ?? null) === row.taxIdKind && (reading?.value ?? null) === before)
      return { result, unchanged: true as const };
    if (row.state !== "stored" || valueRevision(row.taxIdEncrypted) !== input.revision)
      throw new AppError("conflict", "it was changed meanwhile, or the recording is not stored");
    await tx.update(recordings).set(taxIdColumns(reading)).where(eq(id, row.id));
    const details = { taxIdKind: reading?.kind ?? null, taxIdKindBefore: row.taxIdKind };
    const target = { type: "recording", id: row.id, unitId: row.unitId };
    return { result, audits: [auditEvent("recording.tax_id_corrected", { target, details })] };
  },
});

function readCorrection(text: string): TaxIdReading {
  const reading = readTaxId(text);
  if (reading && reading.kind !== "not_understood") return reading;
  throw new AppError("invalid_input", "not a CPF or CNPJ", { fields: [{ path: "taxId", reason: "not_a_tax_id" }] });
}
