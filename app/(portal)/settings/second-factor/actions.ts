"use server";

import type { PublicKeyCredentialCreationOptionsJSON } from "@simplewebauthn/browser";
import { beginPasskeyEnrolment } from "@/lib/access/passkeys/begin-passkey-enrolment";
import { confirmPasskeyEnrolment } from "@/lib/access/passkeys/confirm-passkey-enrolment";
import { beginTotpEnrolment } from "@/lib/access/second-factor/begin-totp-enrolment";
import { changeSecondFactorRoles } from "@/lib/access/second-factor/change-second-factor-roles";
import { confirmTotpEnrolment } from "@/lib/access/second-factor/confirm-totp-enrolment";
import { removeSecondFactor } from "@/lib/access/second-factor/remove-second-factor";
import { renewRecoveryCodes } from "@/lib/access/second-factor/renew-recovery-codes";
import { formInput } from "@/lib/http/form-input";
import { refreshed, runAction, type ActionState } from "@/lib/http/run-action";
import type { Role } from "@/lib/operation/actor";

type Begun = ActionState<{ secret: string; qr: { path: string; size: number } }>;
type Enrolled = ActionState<{ recoveryCodes: string[] | null; sessionsEnded: number }>;
type Codes = ActionState<{ recoveryCodes: string[] }>;

export async function beginTotpAction(_: Begun, _form: FormData): Promise<Begun> {
  return runAction(beginTotpEnrolment, {});
}

export async function confirmTotpAction(_: Enrolled, form: FormData): Promise<Enrolled> {
  return refreshed(runAction(confirmTotpEnrolment, formInput(form)));
}

type BegunPasskey = ActionState<PublicKeyCredentialCreationOptionsJSON>;

export async function beginPasskeyAction(_: BegunPasskey, form: FormData): Promise<BegunPasskey> {
  return runAction(beginPasskeyEnrolment, formInput(form));
}

export async function confirmPasskeyAction(_: Enrolled, form: FormData): Promise<Enrolled> {
  return refreshed(runAction(confirmPasskeyEnrolment, formInput(form)));
}

export async function removeFactorAction(_: ActionState, form: FormData): Promise<ActionState> {
  return refreshed(runAction(removeSecondFactor, formInput(form)));
}

export async function renewCodesAction(_: Codes, _form: FormData): Promise<Codes> {
  return refreshed(runAction(renewRecoveryCodes, {}));
}

export async function changeRolesAction(
  _: ActionState<{ roles: Role[] }>,
  form: FormData,
): Promise<ActionState<{ roles: Role[] }>> {
  return refreshed(runAction(changeSecondFactorRoles, formInput(form)));
}
