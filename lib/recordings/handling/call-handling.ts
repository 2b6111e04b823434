import { createHash } from "node:crypto";
import { z } from "zod";
import { pick } from "@/lib/core/pick";
import type { answers, cardDataHandlings } from "@/lib/db/schema/recording-words";
import type { recordings } from "@/lib/db/schema/recordings";

export type Answer = (typeof answers)[number];
export type CardDataHandling = (typeof cardDataHandlings)[number];

/** A code of the company's own for the text of its announcement: "v3", "2026-02/pt". No CPF or telephone number. */
export const announcementVersion = z
  .string()
  .trim()
  .regex(
    /^(?!.*\d{8})(?!(?:\D*\d){9})[A-Za-z0-9][A-Za-z0-9 ._/-]{0,31}$/,
    "letters, digits, spaces and . _ / -, at most 32",
  );

export const handlingFields = [
  "announcementPlayed",
  "announcementVersion",
  "sensitiveContent",
  "cardDataHandling",
] as const;

/** How a call was handled: announcement of the recording, sensitive content, and what was done with card data. */
export type CallHandling = Pick<typeof recordings.$inferSelect, (typeof handlingFields)[number]>;

/** The columns of what a phone system says about the handling of a call. */
export function handlingColumns(sent: { [Field in keyof CallHandling]?: CallHandling[Field] | null }): CallHandling {
  return {
    announcementPlayed: sent.announcementPlayed ?? "unknown",
    announcementVersion: sent.announcementVersion ?? null,
    sensitiveContent: sent.sensitiveContent ?? "unknown",
    cardDataHandling: sent.cardDataHandling ?? "unknown",
  };
}

export const handlingOf = (row: CallHandling): CallHandling => pick(row, ...handlingFields);

/** Says which handling a form showed, so that no change replaces one that the person has not seen. */
export const handlingRevision = (row: CallHandling): string =>
  createHash("sha256")
    .update(JSON.stringify(handlingFields.map((field) => row[field])))
    .digest("hex")
    .slice(0, 32);
