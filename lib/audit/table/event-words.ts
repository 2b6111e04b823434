import { createTranslator } from "use-intl/core";
import { detailVocabularies } from "@/lib/i18n/detail-vocabularies";
import type { Locale } from "@/lib/i18n/locales";
import { loadMessages } from "@/lib/i18n/namespaces";
import { codeSuccessorOf, currentName } from "@/lib/operation/audit-actions";

/** The words of events outside of pages: for files and reports. */
export async function eventWords(locale: Locale) {
  const messages = await loadMessages(locale);
  const t = createTranslator({ locale, messages });
  const has = (key: string) => t.has(key as never);
  const say = (key: string, values?: Record<string, string>) => t(key as never, values as never) as string;
  /** The words of a code; the code itself if there are none. */
  const named = (namespace: string, code: string) => {
    const key = `${namespace}.${code}`;
    return has(key) ? say(key) : code;
  };
  return {
    say,
    named,
    /** The sentence of an event without its actor and target. */
    sentence: (action: string, hasFailed: boolean): string => {
      const key = hasFailed && has(`audit.failedActions.${action}`) ? "audit.failedActions" : "audit.actions";
      if (!has(`${key}.${action}`)) return action;
      const text = say(`${key}.${action}`, { actor: "…", target: "…" });
      return text.replace(/^…\s*/, "").replaceAll(/\s*…/g, "");
    },
    /** One value of a detail: a code as words, ids and counts unchanged. */
    detail: (name: string, value: string | number | boolean): string | number => {
      if (typeof value === "number") return value;
      if (typeof value === "boolean") return say(value ? "common.yes" : "common.no");
      const code = currentName(codeSuccessorOf, value);
      const found = detailVocabularies[name]?.find((namespace) => has(`${namespace}.${code}`));
      return found ? say(`${found}.${code}`) : value;
    },
  };
}

export type EventWords = Awaited<ReturnType<typeof eventWords>>;
