import { extractText, getDocumentProxy, getMeta } from "unpdf";
import { describe, expect, it } from "vitest";
import { receiptPdf } from "@/lib/receipts/pdf/receipt-pdf";
import { receiptDigest, receiptLine } from "@/lib/receipts/signed-receipt";
import { orderReceipt, recordingReceipt, runReceipt, signedAs } from "./receipts";

async function read(receipt: Parameters<typeof signedAs>[0]) {
  const pdf = await getDocumentProxy(new Uint8Array(await receiptPdf(signedAs(receipt))));
  const [{ text, totalPages }, { info }] = [await extractText(pdf, { mergePages: true }), await getMeta(pdf)];
  return { text: text.replace(/\s+/g, " "), totalPages, info, pdf };
}

describe("a certificate of less than all", () => {
  it("names what a run left, and why", async () => {
    const { text } = await read({ ...runReceipt, run: { ...runReceipt.run, failed: 2, remaining: 8 } });
    expect(text).toContain(
      "Não foram eliminadas: 8 que ainda aguardavam a eliminação ao fim da execução (falhas nela: 2); 55 vencidas e " +
        "mantidas por preservação legal.",
    );
  });

  it("names what an order left, and why", async () => {
    const { text } = await read({ ...orderReceipt, order: { ...orderReceipt.order, marked: 12_340, kept: 3 } });
    expect(text).toContain("Não foram eliminadas: 5 confirmadas na ordem que não puderam ser marcadas");
    expect(text).toContain("; 3 marcadas e depois mantidas por preservação legal.");
  });

  it("has no rest to name if there is none", async () => {
    expect((await read(orderReceipt)).text).not.toContain("Não foram eliminadas");
  });

  it("says that nobody named a provision", async () => {
    const { text } = await read({ ...orderReceipt, order: { ...orderReceipt.order, legalGrounds: [] } });
    expect(text).toMatch(/Fundamento *não informado por quem decidiu/);
  });
});

describe("the certificate", () => {
  it("of a recording states everything in the receipt, in Portuguese", async () => {
    const { text, totalPages, info, pdf } = await read(recordingReceipt);
    const { recording, deletion, number } = recordingReceipt;
    const said = [
      ...[
        "Certificado de eliminação",
        number,
        "Companhia de Atendimento Ltda.",
        recording.id,
        recording.sha256!,
        "1.234.567 bytes",
        "Ordem de eliminação da controladora",
        "LGPD, art. 15, I",
      ],
      ...[
        `${deletion.policy!.id}, versão 3`,
        "LGPD, art. 7º, II; Decreto 11.034/2022, art. 12",
        "Retida até 28/02/2027, inclusive",
        `usuário ${deletion.askedBy.id} (administração), em 24/11/2026 20:00:00`,
        `usuário ${deletion.approvedBy!.id} (encarregado)`,
      ],
      ...[
        "America/Sao_Paulo",
        "s3:aws",
        "second-region",
        "24/11/2026 20:10:03",
        "NIST SP 800-88 Rev. 2",
        "2 chaves foram destruídas",
        "Até 29/12/2026 20:10:05",
        "ordem de eliminação",
        receiptDigest(recordingReceipt),
        "npm run receipts -- verify",
      ],
    ];
    for (const part of said) expect(text).toContain(part);
    for (let page = 1; page <= totalPages; page += 1) expect(text).toContain(`${page} de ${totalPages}`);
    expect(info).toMatchObject({ Title: `Certificado de eliminação ${number}`, Language: "pt-BR" });
    expect((await pdf.getMarkInfo()) as object).toMatchObject({ Marked: true });
  });

  it("of a recording contains the signed receipt byte by byte", async () => {
    const { pdf } = await read(recordingReceipt);
    const [id, attached] = [...((await pdf.getAttachments()) as Map<string, { filename: string }>)][0]!;
    expect(attached.filename).toBe(`custodia-${recordingReceipt.number}.json`);
    const content = (await pdf.getAttachmentContent(id)) as unknown as Uint8Array;
    expect(Buffer.from(content).toString()).toBe(receiptLine(signedAs(recordingReceipt)));
  });

  it("claims no sanitisation when no key was destroyed", async () => {
    const { text } = await read({
      ...recordingReceipt,
      method: { ...recordingReceipt.method, cryptographicErase: null },
    });
    expect(text).toContain("não se declara sanitização de mídia");
    expect(text).not.toContain("Apagamento criptográfico");
  });

  it("of a run and of an order states the counts and the digest of the list", async () => {
    for (const receipt of [runReceipt, orderReceipt]) {
      const { text } = await read(receipt);
      for (const part of ["12.345 gravações", "24.690", receipt.list.sha256, receipt.number])
        expect(text).toContain(part);
    }
    expect((await read(runReceipt)).text).toContain("Sob preservação legal 55");
    expect((await read(orderReceipt)).text).toContain("comando de ordens de eliminação");
  });
});
