import { extractText, getDocumentProxy, getMeta } from "unpdf";
import { describe, expect, it } from "vitest";
import { renderLetter } from "@/lib/subject-requests/letter/render-letter";
import type { LetterContent } from "@/lib/subject-requests/letter/letter-content";
import { locales } from "@/lib/i18n/locales";
import { refusalCodes, refusals } from "@/lib/subject-requests/refusals";
import { requestRights } from "@/lib/db/schema/subject-request-words";
import { decision, letter, recordingsOf, refusal } from "../../../support/letters";

async function read(content: LetterContent) {
  const pdf = await getDocumentProxy(new Uint8Array(await renderLetter(content)));
  const [{ text, totalPages }, { info }] = [await extractText(pdf, { mergePages: true }), await getMeta(pdf)];
  return { text: text.replace(/\s+/g, " "), totalPages, info };
}

/** A code of the program that nobody should read: "legal_hold", "partly_granted". */
const rawCode = /[a-z]+_[a-z]+/;

describe("a letter", () => {
  it("says everything that the law asks of an answer", async () => {
    const { text, info } = await read(letter);
    const said = [
      ...["Resposta à sua requisição", "Carta 202611290000014-R1", "20261129.000001-4", "29 de novembro de 2026"],
      ...["Olá, Maria José da Conceição.", "14/11/2026 21:04 (horário de Brasília), pela nossa página pública"],
      ...["apaguem o que não for mais preciso.", "a própria pessoa gravada", "Confirmada: código enviado"],
      ...["Encontramos 3 gravações", "Gravação 3", "LGPD, art. 7º, II", "Recebida por nós, 12:34"],
      ...["Declaração completa", "LGPD, art. 18, II; art. 19, II", "só com a voz da pessoa gravada"],
      ...["Eliminada em 28/11/2026", "Retida até 01/03/2027; depois, eliminada", "(LGPD, art. 7º, II; art. 16, I)"],
      ...["A gravação do atendimento é retida por 90 dias"],
      ...["Retire os arquivos até 29/12/2026", "1 gravação foi eliminada.", "será eliminada depois de 01/03/2027."],
      ...["por mais 35 dias", "O-20261128-0123456789AB", "Cobranças Silva S.A.: avisado em 28/11/2026 da eliminação."],
      ...["gratuita (LGPD, art. 18, § 5º)", "12.ABC.345/01DE-35", "Rua das Acácias, 100"],
      ...["Ângela Conceição · privacidade@example.com · (11) 3333-4444", "29/11/2026 15:30 (horário de Brasília)"],
      ...["Agência Nacional de Proteção de Dados (ANPD)", "Procon", "consumidor.gov.br", "npm run receipts -- verify"],
    ];
    for (const part of said) expect(text).toContain(part);
    expect(text).not.toMatch(/Autoridade/);
    expect(text).not.toMatch(rawCode);
    expect(info).toMatchObject({
      Title: "Resposta à sua requisição Carta 202611290000014-R1 · protocolo 20261129.000001-4",
      Language: "pt-BR",
    });
  });

  it.each(locales)("of %s has words for every ground, measure, outcome and right, and no code", async (locale) => {
    const everyGround = await read(refusal(locale));
    for (const code of refusalCodes) expect(everyGround.text).toContain(refusals[code].article);
    const kept = { ground: "legal_hold", fact: "Uma ação." } as const;
    const measures = [
      ...(["whole", "subject_channel", "edited", null] as const).map(
        (audioForm) => ["deliver", { audioForm }] as const,
      ),
      ...(["delete", "anonymise", "block", "correct"] as const).map((measure) => [measure, {}] as const),
      ...(["withhold", "keep", "delete_later"] as const).map((measure) => [measure, kept] as const),
      ["delete", { isStopped: true }] as const,
      ["delete_later", { ...kept, doneAt: "2026-11-28T15:00:00.000Z" }] as const,
      ["keep", { ...kept, goneAt: "2026-11-27T15:00:00.000Z" }] as const,
      ["keep", { ...kept, isGoing: true }] as const,
      ["block", { doneAt: "2026-11-26T15:00:00.000Z", isLifted: true }] as const,
    ];
    const { text } = await read({
      ...letter,
      locale,
      found: { count: measures.length, from: null, to: null },
      recordings: recordingsOf(measures.length),
      rights: requestRights.map((right, at) => ({
        right,
        outcome: (["granted", "partly_granted", "refused", "not_found", "scheduled"] as const)[at % 5]!,
        scheduledFor: at < 5 ? "2027-01-31" : null,
        decisions: measures.map(([measure, more], index) => decision(index + 1, measure, more)),
      })),
    });
    for (const all of [text, everyGround.text]) expect(all).not.toMatch(rawCode);
    expect(text).toContain("31/01/2027");
    const done = locale === "pt-BR" ? "Eliminada em 28/11/2026" : "Deleted on 28/11/2026";
    expect(text).toContain(done);
  });

  it("reveals nothing to somebody who did not prove who they are", async () => {
    const unproved: LetterContent = { ...refusal("pt-BR"), identity: { isProved: false, methods: [] } };
    const { text } = await read(unproved);
    expect(text).toContain("não podemos dizer se existem gravações");
    expect(text).not.toContain("Encontramos");
    const found = { count: 0, from: null, to: null };
    for (const more of [{ recordings: recordingsOf(1) }, { found }])
      await expect(renderLetter({ ...unproved, ...more })).rejects.toThrow("identity_not_proved");
  });

  it("is not written without ground and fact of a refusal, or for a recording that it does not list", async () => {
    const withDecision = (of: ReturnType<typeof decision>) =>
      renderLetter({ ...letter, rights: [{ right: "deletion", outcome: "refused", decisions: [of] }] });
    await expect(withDecision(decision(1, "keep"))).rejects.toThrow("ground_required");
    await expect(withDecision(decision(1, "keep", { ground: "legal_hold" }))).rejects.toThrow("ground_required");
    await expect(withDecision(decision(9, "delete"))).rejects.toThrow("unknown_recording");
  });

  it("says of a search without result that nothing was found, and of a representative for whom they ask", async () => {
    const { text } = await read({
      ...letter,
      found: { count: 0, from: null, to: null },
      recordings: [],
      requester: { capacity: "parent", name: "João da Conceição", subjectName: "Lúcia" },
      rights: [{ right: "confirmation", outcome: "not_found", decisions: [] }],
    });
    expect(text).toContain("não encontramos nenhuma gravação");
    for (const part of ["Olá, João da Conceição.", "Em nome de Lúcia", "pai, mãe ou responsável"])
      expect(text).toContain(part);
  });

  it("counts a recording that goes for two rights once, and at the later time", async () => {
    const held = { ground: "legal_hold", fact: "Um processo." } as const;
    const { text } = await read({
      ...letter,
      rights: [
        { right: "deletion", outcome: "scheduled", decisions: [decision(1, "delete"), decision(2, "delete")] },
        {
          right: "unnecessary_data",
          outcome: "scheduled",
          decisions: [decision(1, "delete_later", { ...held, keptUntil: "2027-05-31" })],
        },
      ],
    });
    expect(text).toContain("1 gravação será eliminada em seguida.");
    expect(text).toContain("1 gravação será eliminada depois de 31/05/2027.");
  });

  it("counts instead of listing where there are thousands, and has the same bytes for the same content", async () => {
    const content: LetterContent = {
      ...letter,
      found: { count: 2001, from: null, to: null },
      recordings: recordingsOf(2001),
      rights: [
        {
          right: "deletion",
          outcome: "granted",
          decisions: recordingsOf(2001).map(({ number }) =>
            decision(number, "delete", { doneAt: "2026-11-28T15:00:00.000Z" }),
          ),
        },
      ],
    };
    const { text, totalPages } = await read(content);
    expect(text).toContain("2.001 gravações");
    expect(totalPages).toBeLessThan(6);
    expect(await renderLetter(content)).toEqual(await renderLetter(content));
  });
});
