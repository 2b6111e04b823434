import type { LetterContent } from "@/lib/subject-requests/letter/letter-content";
import { refusalCodes } from "@/lib/subject-requests/refusals";

type Decision = LetterContent["rights"][number]["decisions"][number];

const at = (number: number) => new Date(Date.UTC(2026, 2, 1, 13, 7) + number * 9_000_000).toISOString();

export const decision = (recording: number | null, measure: Decision["measure"], more: Partial<Decision> = {}) => ({
  ...{ recording, measure },
  ...more,
});

/** Recordings of a letter, with the numbers from 1 on. */
export const recordingsOf = (count: number, data: LetterContent["recordings"][number]["data"] = null) =>
  Array.from({ length: count }, (_, index) => ({
    number: index + 1,
    startedAt: at(index + 1),
    timeZone: "America/Sao_Paulo",
    data,
  }));

/** A letter of somebody who asked for deletion and for a copy, and got a part of it. */
export const letter: LetterContent = {
  locale: "pt-BR",
  number: "202611290000014-R1",
  protocol: "202611290000014",
  issuedAt: "2026-11-29T18:30:00.000Z",
  timeZone: "America/Sao_Paulo",
  controller: {
    name: "Companhia de Atendimento Ltda.",
    cnpj: "12ABC34501DE35",
    address: "Rua das Acácias, 100, 5º andar, Centro, São Paulo, SP, 01000-000",
  },
  officer: { name: "Ângela Conceição", email: "privacidade@example.com", phone: "+551133334444" },
  request: {
    receivedAt: "2026-11-15T00:04:00.000Z",
    channel: "web",
    words: "Quero uma cópia das minhas chamadas e que apaguem o que não for mais preciso.\nObrigada!",
  },
  requester: { capacity: "data_subject", name: null, subjectName: "Maria José da Conceição" },
  identity: { isProved: true, methods: ["code_and_facts"] },
  rights: [
    {
      right: "full_declaration",
      outcome: "partly_granted",
      decisions: [
        decision(1, "deliver", { audioForm: "whole" }),
        decision(2, "deliver", { audioForm: "subject_channel" }),
        decision(3, "deliver", {
          audioForm: "edited",
          ground: "third_party_rights",
          fact: "Outra pessoa diz o próprio endereço na chamada.",
        }),
      ],
    },
    {
      right: "deletion",
      outcome: "partly_granted",
      decisions: [
        decision(1, "delete", { doneAt: "2026-11-28T15:00:00.000Z" }),
        decision(2, "delete_later", {
          keptUntil: "2027-03-01",
          ground: "legal_obligation",
          fact: "A gravação do atendimento é retida por 90 dias (Decreto 11.034/2022, art. 12).",
        }),
        decision(3, "keep", {
          ground: "legal_hold",
          fact: "A chamada é prova no processo 0001234-56.2026.8.26.0100.",
        }),
      ],
    },
  ],
  found: { count: 3, from: "2026-03-01", to: "2026-03-01" },
  recordings: recordingsOf(3, {
    direction: "inbound",
    durationSeconds: 754,
    purpose: "Atender a sua solicitação e provar o que foi combinado",
    legalBasis: "art7_ii",
    retainedUntil: "2027-03-01",
  }),
  delivery: { formats: ["letter", "csv", "json", "audio", "manifest"], channel: "email", collectUntil: "2026-12-29" },
  sharers: [
    {
      name: "Cobranças Silva S.A.",
      measure: "deletion",
      notifiedAt: "2026-11-28T16:00:00.000Z",
      reason: null,
    },
  ],
  backupDays: 35,
  certificates: ["O-20261128-0123456789AB"],
};

/** A letter that gives every ground of refusal there is. */
export const refusal = (locale: LetterContent["locale"]): LetterContent => ({
  ...letter,
  locale,
  found: null,
  recordings: [],
  delivery: null,
  sharers: [],
  certificates: [],
  rights: [
    {
      right: "deletion",
      outcome: "refused",
      decisions: refusalCodes.map((ground) => decision(null, "keep", { ground, fact: `O fato de ${ground.length}.` })),
    },
  ],
});
