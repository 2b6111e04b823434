import { useTranslations } from "next-intl";

/** First stop of the keyboard: past the navigation to `#content`. */
export function SkipLink() {
  const t = useTranslations("shell");
  return (
    <a
      href="#content"
      className="fixed top-2 left-2 z-50 -translate-y-20 rounded bg-accent-solid px-3 py-2 font-medium text-on-solid focus:translate-y-0"
    >
      {t("skipToContent")}
    </a>
  );
}
