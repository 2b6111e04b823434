import { useTranslations } from "next-intl";

/** The key of a failure's words, and the status that they name: "smtp_550" has the words of "smtp". */
export function wordsOfCode(code: string): { key: string; status: string } {
  const [, key = code, status = ""] = /^(http|smtp)_(\d{3})$/.exec(code) ?? [];
  return { key, status };
}

/** Returns words for the code of a refusal or failure; "other cause" for an unknown code. */
export function useCause(): (code: string) => string {
  const t = useTranslations("codes.causes");
  return (code) => {
    const { key, status } = wordsOfCode(code);
    return t((t.has(key as never) ? key : "other") as "http", { status });
  };
}

/** Returns the name of a store: its kind for the primary, its configured name for a copy. */
export function useStoreName(): (store: string) => string {
  const t = useTranslations("codes.stores");
  return (store) => {
    if (store === "disk" || store === "supabase") return t(store);
    return store.startsWith("s3:") ? t("s3", { bucket: store.slice("s3:".length) }) : t("copy", { name: store });
  };
}

/** Returns words for common kinds of call; for others the text of the phone system. */
export function useCallKind(): (kind: string) => string {
  const t = useTranslations("codes.callKinds");
  return (kind) => (t.has(kind as never) ? t(kind as never) : kind);
}
