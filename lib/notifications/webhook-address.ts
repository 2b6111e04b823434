import { singleLine } from "@/lib/core/text-input";
import { secureAddressProblem } from "@/lib/core/secure-address";

/** A webhook URL: https, or http on the portal's own machine (loopback); without credentials. */
export const webhookAddress = singleLine(500).refine(
  (address) => secureAddressProblem(address) === null,
  "needs_https",
);
