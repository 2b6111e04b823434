"use server";

import { changeOwnLocale } from "@/lib/access/account/change-own-locale";
import { changeOwnPassword } from "@/lib/access/account/change-own-password";
import { endOtherSessions } from "@/lib/access/sessions/end-other-sessions";
import { endOwnSession } from "@/lib/access/sessions/end-own-session";
import { listOwnSessions, type OwnSession } from "@/lib/access/sessions/list-own-sessions";
import { formInput } from "@/lib/http/form-input";
import { refreshed, runAction, type ActionState } from "@/lib/http/run-action";
import type { Locale } from "@/lib/i18n/locales";
import { setLocale } from "@/lib/http/set-locale";

/** The sign-in before the current one, which a page says once after the sign-in. Null without one. */
export async function readLastSignInAction(): Promise<OwnSession | null> {
  const state = await runAction(listOwnSessions, {});
  return state.status === "done" ? state.result.previous : null;
}

type SessionEnd = ActionState<{ sessionId: string }>;
type OthersEnd = ActionState<{ sessionsEnded: number }>;

export async function endSessionAction(_: SessionEnd, form: FormData): Promise<SessionEnd> {
  return refreshed(runAction(endOwnSession, formInput(form)));
}

export async function endOtherSessionsAction(_: OthersEnd): Promise<OthersEnd> {
  return refreshed(runAction(endOtherSessions, {}));
}

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
