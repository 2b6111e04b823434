import type { SignOnCode } from "@/lib/access/single-sign-on/sign-on-codes";
import type { AuditEventInput } from "@/lib/operation/audit-event";

/** Who a person is here: an account that was linked or created now, with its events; or why nobody is let in. */
export type FoundAccount =
  | { userId: string; identityId: string; events: AuditEventInput<"user.created" | "single_sign_on.linked">[] }
  | { code: SignOnCode };
