import { z } from "zod";
import { secureAddressProblem } from "@/lib/core/secure-address";

/** A webhook URL: https, or http on the portal's own machine (loopback); without credentials. */
export const webhookAddress = z
  .string()
  .trim()
  .min(1)
  .max(500)
  .refine((address) => secureAddressProblem(address) === null, "needs_https");
