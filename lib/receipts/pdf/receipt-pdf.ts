import { certificateOf } from "@/lib/receipts/pdf/certificate";
import { moment } from "@/lib/receipts/pdf/certificate-words";
import { writePdf } from "@/lib/receipts/pdf/write-pdf";
import type { SignedReceipt } from "@/lib/receipts/receipt-schema";
import { receiptLine } from "@/lib/receipts/sign-receipt";

/** A receipt for people, in Portuguese. That of one recording carries the signed receipt as an attachment. */
export function receiptPdf(signed: SignedReceipt): Promise<Buffer> {
  const { scope, number } = signed.receipt;
  const attachment = {
    name: `custodia-${number}.json`,
    body: Buffer.from(receiptLine(signed)),
    description: "Recibo assinado",
  };
  return writePdf(certificateOf(signed), moment(new Date().toISOString()), scope === "recording" ? attachment : null);
}
