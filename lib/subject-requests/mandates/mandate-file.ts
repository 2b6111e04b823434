import type { MandateType } from "@/lib/db/schema/subject-request-words";

export const mostMandateBytes = 10 * 1024 * 1024;

/** How many documents a request takes: a power of attorney, and what proves who signed it. */
export const mostMandates = 3;

/** What begins like a PDF (ISO 32000-2, 7.5.2) or a JPEG (ITU-T T.81, B.1.1.3), whatever its name. Null: neither. */
export function sniffMandate(content: Buffer): MandateType | null {
  if (content.subarray(0, 5).toString("latin1") === "%PDF-") return "application/pdf";
  return content.subarray(0, 3).equals(Buffer.from([0xff, 0xd8, 0xff])) ? "image/jpeg" : null;
}
