import { z } from "zod";

/**
 * Characters that nobody sees and that change what others see: controls, separators of lines and paragraphs, marks of
 * direction (U+202E shows "gpj.exe" as "exe.jpg"), fillers, halves of a character. Joiners stay: emoji need them.
 */
const hidden =
  /[\p{Cc}\p{Zl}\p{Zp}\p{Cs}\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]/gu;

const hasHidden = (text: string) => text.search(hidden) >= 0;

/** What a phone system sends: a recording is not refused for a character. */
export const withoutHidden = (text: string) => text.replaceAll(hidden, "");

/**
 * One line that a person types: a name, a title, a label. The reason of a refusal is `hidden_character`.
 * @param longest in UTF-16 units, as the forms count.
 */
export const singleLine = (longest: number, shortest = 1) =>
  z
    .string()
    .trim()
    .min(shortest)
    .max(longest)
    .refine((text) => !hasHidden(text), "hidden_character");

/** A text of several lines: `singleLine` with line breaks and tabs. */
export const severalLines = (longest: number, shortest = 1) =>
  z
    .string()
    .trim()
    .min(shortest)
    .max(longest)
    .refine((text) => !hasHidden(text.replaceAll(/[\n\r\t]/g, "")), "hidden_character");
