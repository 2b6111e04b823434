import type { PackagedRecording, PackageLocale } from "@/lib/subject-requests/package/package-content";
import { vconDraft } from "@/lib/subject-requests/package/vcon-schema";

/** Names of files and folders, words of the list of calls, and what the package says of itself. ASCII in names. */
export type PackageWords = {
  files: Record<"readMe" | "letter" | "calls" | "recordings" | "manifest" | "signature", string>;
  columns: readonly string[];
  directions: Record<PackagedRecording["direction"], string>;
  forms: Record<NonNullable<PackagedRecording["audio"]>["form"] | "none", string>;
  readMe: (facts: { controller: string; protocol: string; part: string; hasVcons: boolean }) => string;
};

export const packageWords: Record<PackageLocale, PackageWords> = {
  "pt-BR": {
    files: {
      ...{ readMe: "LEIA-ME", letter: "carta", calls: "chamadas", recordings: "gravacoes" },
      ...{ manifest: "manifesto-sha256", signature: "manifesto-assinatura" },
    },
    columns: [
      ...["Data e hora", "Fuso horário", "Duração", "Sentido", "Unidade", "Fila", "Seu número", "Protocolo"],
      ...["Conservada até", "Áudio", "Arquivo", "SHA-256"],
    ],
    directions: { inbound: "recebida", outbound: "efetuada", internal: "interna" },
    forms: {
      ...{ whole: "inteiro", subject_channel: "somente o seu canal" },
      ...{ edited: "com trechos em silêncio", none: "não incluído" },
    },
    readMe: ({ controller, protocol, part, hasVcons }) =>
      `${controller}
Requisição ${protocol}${part}

carta.pdf: a resposta. chamadas.csv e chamadas.json: a lista das chamadas. gravacoes: os áudios.
${hasVcons ? `vcon: uma chamada por arquivo, com o áudio, para outro fornecedor (${vconDraft}).\n` : ""}
Os nomes dos áudios são a data e a hora da chamada no fuso da unidade.

Para conferir que nada mudou: sha256sum -c manifesto-sha256.txt
A assinatura do manifesto (Ed25519) confere com a chave pública da empresa.
`,
  },
  en: {
    files: {
      ...{ readMe: "README", letter: "letter", calls: "calls", recordings: "recordings" },
      ...{ manifest: "manifest-sha256", signature: "manifest-signature" },
    },
    columns: [
      ...["Date and time", "Time zone", "Duration", "Direction", "Unit", "Queue", "Your number", "Protocol"],
      ...["Kept until", "Audio", "File", "SHA-256"],
    ],
    directions: { inbound: "incoming", outbound: "outgoing", internal: "internal" },
    forms: {
      ...{ whole: "whole", subject_channel: "your channel only" },
      ...{ edited: "with silenced parts", none: "not included" },
    },
    readMe: ({ controller, protocol, part, hasVcons }) =>
      `${controller}
Request ${protocol}${part}

letter.pdf: the answer. calls.csv and calls.json: the list of calls. recordings: the audio.
${hasVcons ? `vcon: one file for each call, with its audio, for another provider (${vconDraft}).\n` : ""}
Audio files are named by the call's date and time in the zone of the unit.

To check that nothing has changed: sha256sum -c manifest-sha256.txt
The signature of the manifest (Ed25519) is verified with the company's public key.
`,
  },
};
