import { z } from "zod";
import { blindIndex } from "@/lib/core/crypto/blind-index";
import { AppError } from "@/lib/core/errors";
import { query } from "@/lib/operation/operation";
import { normaliseNumber, numberTail } from "@/lib/recordings/customer-number";

const digestBytes = 32;

/**
 * Converts a telephone number to the token that filters lists: its keyed digests. The token may appear in a URL or a
 * bookmark, because without the key it reveals no number. Encrypted numbers match as a whole, never in part.
 * @throws AppError `invalid_input` if the text is not a telephone number.
 */
export const readNumberToken = query({
  permission: "recording:list",
  input: z.object({ number: z.string().trim().min(1).max(32) }),
  run: async ({ input }) => {
    const number = normaliseNumber(input.number);
    if (number === null)
      throw new AppError("invalid_input", "not a telephone number", {
        fields: [{ path: "number", reason: "not_a_number" }],
      });
    const tail = numberTail(number);
    const digests = [
      blindIndex("customer_number", number),
      ...(tail ? [blindIndex("customer_number_tail", tail)] : []),
    ];
    return Buffer.concat(digests).toString("base64url");
  },
});

/** @throws AppError `invalid_input` if the text is not a number token. */
export function parseNumberToken(token: string): { exact: Buffer; tail: Buffer | null } {
  const digests = Buffer.from(token, "base64url");
  if (digests.length !== digestBytes && digests.length !== 2 * digestBytes) {
    throw new AppError("invalid_input", "not a number token", { fields: [{ path: "number", reason: "invalid" }] });
  }
  const tail = digests.subarray(digestBytes);
  return { exact: digests.subarray(0, digestBytes), tail: tail.length > 0 ? tail : null };
}
