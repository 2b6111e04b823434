import { singleLine } from "@/lib/core/text-input";
import { and, eq } from "drizzle-orm";
import { z } from "zod";
import { AppError } from "@/lib/core/errors";
import { recordings, serviceAccounts, units } from "@/lib/db/schema";
import { auditEvent } from "@/lib/operation/audit-event";
import { command } from "@/lib/operation/operation";
import { numberColumns, numberText } from "@/lib/recordings/customer-number";
import { readNumber, type NumberReading } from "@/lib/core/numbers/number-reading";
import { diallingColumns, isSender } from "@/lib/recordings/numbers/sender-dialling";
import { recordingScope } from "@/lib/recordings/recording-scope";
import { valueRevision } from "@/lib/recordings/value-revision";

const correction = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("number"), number: singleLine(64) }),
  z.object({ kind: z.enum(["withheld", "not_a_number"]) }),
]);

/**
 * Replaces what the portal read as a call's customer number, after a person found out what it is. The call is then
 * found by the number as an exact match.
 * @throws AppError `not_found`; `conflict` when it was changed since the form was opened; `invalid_input` when the text
 * is not a number by the rules of the recording's sender or unit.
 */
export const correctNumber = command({
  permission: "recording:correct-number",
  input: z.object({ recordingId: z.uuid(), revision: z.string().max(64) }).and(correction),
  audits: ["recording.number_corrected"],
  run: async ({ tx, actor, input }) => {
    const { id, unitId, state, numberKind, customerNumberEncrypted } = recordings;
    const [row] = await tx
      .select({
        ...{ id, unitId, state, numberKind, customerNumberEncrypted },
        dialling: diallingColumns,
      })
      .from(recordings)
      .innerJoin(units, eq(units.id, unitId))
      .leftJoin(serviceAccounts, isSender)
      .where(and(eq(id, input.recordingId), recordingScope(actor)))
      .for("no key update", { of: recordings });
    if (!row) throw new AppError("not_found");
    const written = numberText(row.customerNumberEncrypted);
    const reading = readCorrection(input, written, row.dialling);
    const result = { recordingId: row.id };
    if (reading.kind === row.numberKind && (reading.kind !== "number" || reading.e164 === written))
      return { result, unchanged: true as const };
    if (row.state !== "stored" || valueRevision(row.customerNumberEncrypted) !== input.revision)
      throw new AppError("conflict", "the number was changed meanwhile, or the recording is not stored");
    await tx.update(recordings).set(numberColumns(reading)).where(eq(id, row.id));
    const details = { numberKind: reading.kind, ...(row.numberKind ? { numberKindBefore: row.numberKind } : {}) };
    const target = { type: "recording", id: row.id, unitId: row.unitId };
    return { result, audits: [auditEvent("recording.number_corrected", { target, details })] };
  },
});

function readCorrection(
  input: z.output<typeof correction>,
  written: string | null,
  dialling: Parameters<typeof readNumber>[1],
): NumberReading {
  if (input.kind !== "number") return { kind: input.kind, written: written ?? "" };
  const reading = readNumber(input.number, dialling);
  if (reading?.kind === "number") return reading;
  throw new AppError("invalid_input", "not a telephone number", {
    fields: [{ path: "number", reason: "not_a_number" }],
  });
}
