import { singleLine } from "@/lib/core/text-input";
import { createHash } from "node:crypto";
import { z } from "zod";
import { orderGrounds } from "@/lib/db/schema/deletion";

/**
 * The legal ground of a deletion order, as a form gives it: empty for none. Words belong to `other` alone; certificates
 * repeat them, so they cite a norm and name nobody.
 */
export const groundInput = z
  .object({
    legalGround: z.union([z.enum(orderGrounds), z.literal("").transform(() => null)]).default(null),
    legalGroundWords: singleLine(200, 0).default(""),
  })
  .superRefine(({ legalGround, legalGroundWords }, context) => {
    if (legalGround === "other" && legalGroundWords.length < 5)
      context.addIssue({ code: "custom", path: ["legalGroundWords"], message: "required" });
  })
  .transform(({ legalGround, legalGroundWords }) => ({
    legalGround,
    legalGroundWords: legalGround === "other" ? legalGroundWords : null,
  }));

export type ChosenGround = z.output<typeof groundInput>;

/** What events say of the chosen ground: its code, of words their SHA-256; nothing where none was chosen. */
export function groundDetails({ legalGround, legalGroundWords }: ChosenGround) {
  return {
    ...(legalGround === null ? {} : { legalGround }),
    ...(legalGroundWords === null ? {} : { legalGroundSha256: wordsDigest(legalGroundWords) }),
  };
}

/** SHA-256 of the words of a ground, lowercase hex. */
export const wordsDigest = (words: string) => createHash("sha256").update(words).digest("hex");
