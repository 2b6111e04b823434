import { SignPdf, Signer } from "@signpdf/signpdf";
import { cadesSignature } from "@/lib/receipts/company-signature/cades-signature";
import type { CompanyCertificate } from "@/lib/receipts/company-signature/company-certificate";

/** What `SignPdf` looks for and replaces by the offsets of what is signed. */
const placeholder = "*".repeat(10);

/**
 * Reserves the space of a signature in a document that is being written, so that the file is signed as a whole and its
 * structure stays as it was written.
 */
export function signatureSpace({
  name,
  reason,
  certificate,
}: {
  name: string;
  reason: string;
  certificate: CompanyCertificate;
}): (pdf: PDFKit.PDFDocument) => void {
  return (pdf) => {
    const signature = pdf.ref({
      Type: "Sig",
      Filter: "Adobe.PPKLite",
      SubFilter: "ETSI.CAdES.detached",
      ByteRange: [0, placeholder, placeholder, placeholder],
      Contents: Buffer.alloc(sizeOf(certificate)),
      M: new Date(),
      ...{ Name: new String(name), Reason: new String(reason) },
    });
    const field = pdf.ref({
      ...{ Type: "Annot", Subtype: "Widget", FT: "Sig", T: new String("Signature1"), V: signature },
      // Printed and locked, without an appearance: what it says stands in the text.
      ...{ F: 132, Rect: [0, 0, 0, 0], P: pdf.page.dictionary },
    });
    const { annotations } = pdf.page as unknown as { annotations: PDFKit.PDFKitReference[] };
    annotations.push(field);
    for (const object of [signature, field]) object.end(undefined);
    pdf.initForm();
    const { data } = (pdf as unknown as { _root: { data: { AcroForm: { data: Form } } } })._root.data.AcroForm;
    // Signed, and only to be appended to; a reader that makes appearances anew would alter it.
    Object.assign(data, { SigFlags: 3, Fields: [field], NeedAppearances: false });
  };
}

/** The certificates, and what a signature of 4096 bits and its attributes need. */
const sizeOf = ({ certificate, chain }: CompanyCertificate) =>
  [certificate, ...chain].reduce((sum, { raw }) => sum + raw.length, 4096);

type Form = { Fields: PDFKit.PDFKitReference[]; NeedAppearances: boolean; SigFlags?: number };

class CompanySigner extends Signer {
  readonly #certificate: CompanyCertificate;

  constructor(certificate: CompanyCertificate) {
    super();
    this.#certificate = certificate;
  }

  override sign(pdf: Buffer): Promise<Buffer> {
    return cadesSignature(pdf, this.#certificate);
  }
}

/** Signs a document with a reserved space (PAdES B-B). */
export const signPdf = (pdf: Buffer, certificate: CompanyCertificate): Promise<Buffer> =>
  new SignPdf().sign(pdf, new CompanySigner(certificate));
