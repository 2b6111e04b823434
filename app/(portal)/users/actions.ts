"use server";

import { formInput } from "@/lib/http/form-input";
import { refreshed, runAction, type ActionState } from "@/lib/http/run-action";
import { allowLink } from "@/lib/access/single-sign-on/people/allow-link";
import { unlinkPerson } from "@/lib/access/single-sign-on/people/unlink-person";
import { changeBreakGlass } from "@/lib/access/single-sign-on/settings/change-break-glass";
import { resetSecondFactor } from "@/lib/access/second-factor/reset-second-factor";
import { createUser } from "@/lib/access/users/create-user";
import { deactivateUser } from "@/lib/access/users/deactivate-user";
import { endUserSessions } from "@/lib/access/users/end-user-sessions";
import type { GivenAccess } from "@/lib/access/users/given-access";
import { listUsers, type UserPage } from "@/lib/access/users/list-users";
import { reactivateUser } from "@/lib/access/users/reactivate-user";
import { resetUserPassword } from "@/lib/access/users/reset-user-password";
import { sendInvitation } from "@/lib/access/users/send-invitation";
import { updateUser } from "@/lib/access/users/update-user";
import { withdrawInvitation } from "@/lib/access/users/withdraw-invitation";

type WithPassword = ActionState<GivenAccess>;
type Changed = ActionState<{ userId: string }>;

export async function searchUsersAction(_: ActionState<UserPage>, form: FormData): Promise<ActionState<UserPage>> {
  return runAction(listUsers, formInput(form));
}

export async function createUserAction(_: WithPassword, form: FormData): Promise<WithPassword> {
  return runAction(createUser, formInput(form));
}

export async function updateUserAction(_: Changed, form: FormData): Promise<Changed> {
  return refreshed(runAction(updateUser, formInput(form)));
}

export async function deactivateUserAction(_: Changed, form: FormData): Promise<Changed> {
  return refreshed(runAction(deactivateUser, formInput(form)));
}

export async function reactivateUserAction(_: Changed, form: FormData): Promise<Changed> {
  return refreshed(runAction(reactivateUser, formInput(form)));
}

export async function resetSecondFactorAction(_: Changed, form: FormData): Promise<Changed> {
  return refreshed(runAction(resetSecondFactor, formInput(form)));
}

export async function resetUserPasswordAction(_: WithPassword, form: FormData): Promise<WithPassword> {
  return refreshed(runAction(resetUserPassword, formInput(form)));
}

export async function allowLinkAction(_: Changed, form: FormData): Promise<Changed> {
  return refreshed(runAction(allowLink, formInput(form)));
}

export async function unlinkPersonAction(_: Changed, form: FormData): Promise<Changed> {
  return refreshed(runAction(unlinkPerson, formInput(form)));
}

export async function changeBreakGlassAction(_: Changed, form: FormData): Promise<Changed> {
  return refreshed(runAction(changeBreakGlass, formInput(form)));
}

export async function sendInvitationAction(_: Changed, form: FormData): Promise<Changed> {
  return refreshed(runAction(sendInvitation, formInput(form)));
}

export async function withdrawInvitationAction(_: Changed, form: FormData): Promise<Changed> {
  return refreshed(runAction(withdrawInvitation, formInput(form)));
}

export async function endUserSessionsAction(_: Changed, form: FormData): Promise<Changed> {
  return refreshed(runAction(endUserSessions, formInput(form)));
}
