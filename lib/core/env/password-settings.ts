import { z } from "zod";
import { secureAddressProblem } from "@/lib/core/secure-address";

/** Where the first five digits are put: the address of a range ends before them. */
const rangeAddress = z.string().superRefine((address, context) => {
  const problem = secureAddressProblem(address);
  if (problem !== null) context.addIssue({ code: "custom", message: problem });
  else if (!address.endsWith("/")) context.addIssue({ code: "custom", message: "must end with / (as /range/)" });
});

/** The list of breached passwords. Without the address, new passwords are compared with the portal's own lists only. */
export const passwordSettings = {
  BREACHED_PASSWORDS_URL: z
    .literal("")
    .transform(() => undefined)
    .or(rangeAddress)
    .optional(),
};
