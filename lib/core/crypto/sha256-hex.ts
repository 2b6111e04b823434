import { z } from "zod";

/** A SHA-256 as 64 hexadecimal digits; converted to lower case. */
export const sha256Hex = z
  .string()
  .toLowerCase()
  .regex(/^[0-9a-f]{64}$/, "64 hexadecimal digits");
