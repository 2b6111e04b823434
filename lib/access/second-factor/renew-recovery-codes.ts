import { z } from "zod";
import { lockOwnRow, userOnly } from "@/lib/access/second-factor/own-session";
import { makeRecoveryCodes } from "@/lib/access/second-factor/recovery-codes";
import { factorKindsOf } from "@/lib/access/sign-in/second-factor-state";
import { AppError } from "@/lib/core/errors";
import { auditEvent } from "@/lib/operation/audit-event";
import { command } from "@/lib/operation/operation";

/** Ten new recovery codes, shown once; the earlier ones end. @throws AppError `not_found` without a second factor. */
export const renewRecoveryCodes = command({
  permission: "second-factor:enrol",
  freshProof: true,
  input: z.object({}),
  audits: ["second_factor.recovery_codes_renewed"],
  run: async ({ tx, actor }) => {
    const { id } = await lockOwnRow(tx, userOnly(actor));
    if ((await factorKindsOf(tx, id)).length === 0) throw new AppError("not_found", "no second factor");
    const recoveryCodes = await makeRecoveryCodes(tx, id);
    const renewed = auditEvent("second_factor.recovery_codes_renewed", { target: { type: "user", id } });
    return { result: { recoveryCodes }, audits: [renewed] };
  },
});
