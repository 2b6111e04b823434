import { z } from "zod";

/** A SHA-256 as 64 hexadecimal digits, in lower case whichever way it came. */
export const sha256Hex = z
  .string()
  .toLowerCase()
  .regex(/^[0-9a-f]{64}$/, "64 hexadecimal digits");
