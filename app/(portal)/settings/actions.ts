"use server";

import { changeOwnLocale } from "@/lib/access/account/change-own-locale";
import { changeOwnPassword } from "@/lib/access/account/change-own-password";
import { formInput } from "@/lib/http/form-input";
import { refreshed, runAction, type ActionState } from "@/lib/http/run-action";
import type { Locale } from "@/lib/i18n/locales";
import { setLocale } from "@/lib/http/set-locale";

type LocaleChange = ActionState<{ locale: Locale }>;
type PasswordChange = ActionState<{ sessionsEnded: number }>;

export async function changeLocaleAction(_: LocaleChange, form: FormData): Promise<LocaleChange> {
  const state = await refreshed(runAction(changeOwnLocale, formInput(form)));
  if (state.status === "done") await setLocale(form); // also changes the language of this browser
  return state;
}

export async function changePasswordAction(_: PasswordChange, form: FormData): Promise<PasswordChange> {
  return refreshed(runAction(changeOwnPassword, formInput(form)));
}
