"use server";

import { readPasswordLink } from "@/lib/access/passwords/read-password-link";
import { setPasswordByLink } from "@/lib/access/passwords/set-password-by-link";
import { formInput } from "@/lib/http/form-input";
import { runAsNobody, type ActionState } from "@/lib/http/run-action";
import { keepDevice, sentDeviceToken } from "@/lib/http/session/device-cookie";
import type { PasswordLink } from "@/components/access/passwords/set-password-form";

type Sent = { token: string; newPassword: string; repeatedPassword: string };

export async function readLinkAction(token: string): Promise<ActionState<PasswordLink>> {
  return runAsNobody(readPasswordLink, { token });
}

export async function setPasswordAction(_: ActionState<null>, form: FormData): Promise<ActionState<null>> {
  const deviceToken = await sentDeviceToken();
  const state = await runAsNobody(setPasswordByLink, { ...formInput<Sent>(form), deviceToken });
  if (state.status !== "done") return state;
  await keepDevice(state.result.deviceToken);
  return { ...state, result: null };
}
