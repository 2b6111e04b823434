import { useTranslations } from "next-intl";

/** Words for the code of a refusal or failure; a code without words reads as "other cause". */
export function useCause(): (code: string) => string {
  const t = useTranslations("codes.causes");
  return (code) => {
    if (/^http_\d{3}$/.test(code)) return t("http", { status: code.slice("http_".length) });
    return t((t.has(code as never) ? code : "other") as "other");
  };
}

/** The name of a store: the primary is named after its kind, a copy as the installation calls it. */
export function useStoreName(): (store: string) => string {
  const t = useTranslations("codes.stores");
  return (store) => {
    if (store === "disk" || store === "supabase") return t(store);
    return store.startsWith("s3:") ? t("s3", { bucket: store.slice("s3:".length) }) : t("copy", { name: store });
  };
}

/** What a phone system calls a kind of call: words for common kinds, its own text for any other. */
export function useCallKind(): (kind: string) => string {
  const t = useTranslations("codes.callKinds");
  return (kind) => (t.has(kind as never) ? t(kind as never) : kind);
}
