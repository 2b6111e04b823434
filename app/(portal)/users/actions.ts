"use server";

import { formInput } from "@/lib/http/form-input";
import { refreshed, runAction, type ActionState } from "@/lib/http/run-action";
import { createUser } from "@/lib/access/users/create-user";
import { deactivateUser } from "@/lib/access/users/deactivate-user";
import { listUsers, type UserPage } from "@/lib/access/users/list-users";
import { reactivateUser } from "@/lib/access/users/reactivate-user";
import { resetUserPassword } from "@/lib/access/users/reset-user-password";
import { updateUser } from "@/lib/access/users/update-user";

type WithPassword = ActionState<{ userId: string; temporaryPassword: string }>;
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

export async function resetUserPasswordAction(_: WithPassword, form: FormData): Promise<WithPassword> {
  return refreshed(runAction(resetUserPassword, formInput(form)));
}
