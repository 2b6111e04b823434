import type { Answer, CardDataHandling } from "@/lib/recordings/handling/call-handling";

/** What manifests and names of files say about the handling of a call. */
export const answerFields = ["announcementPlayed", "sensitiveContent"] as const;

const answersByWord: Record<string, Answer> = {
  ...{ yes: "yes", y: "yes", true: "yes", "1": "yes", sim: "yes", s: "yes" },
  ...{ no: "no", n: "no", false: "no", "0": "no", nao: "no" },
  ...{ unknown: "unknown", desconhecido: "unknown" },
};

const handlingsByWord: Record<string, CardDataHandling> = {
  ...{ paused: "paused", pausada: "paused", pausa: "paused" },
  ...{ masked: "masked", mascarada: "masked", mascaramento: "masked" },
  ...{ none: "none", nenhum: "none", nenhuma: "none" },
  ...{ unknown: "unknown", desconhecido: "unknown" },
};

/** "sim", "Não", "true" or "1" as an answer; null for another word. */
export const readAnswer = (word: string): Answer | null => answersByWord[plain(word)] ?? null;

/** "paused", "Mascarada" or "none"; null for another word. */
export const readCardDataHandling = (word: string): CardDataHandling | null => handlingsByWord[plain(word)] ?? null;

const plain = (word: string) => word.trim().normalize("NFD").replaceAll(/\p{M}/gu, "").toLowerCase();

export function readYesOrNo(word: string): "yes" | "no" | null {
  const answer = readAnswer(word);
  return answer === "unknown" ? null : answer;
}
