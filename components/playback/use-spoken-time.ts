import { useTranslations } from "next-intl";

/** Returns words for a position: "1 minuto 5 segundos". A screen reader would spell out "01:05". */
export function useSpokenTime(): (milliseconds: number) => string {
  const t = useTranslations("player.position");
  return (milliseconds) => t("spoken", clockParts(milliseconds)).trim();
}

function clockParts(milliseconds: number): { hours: number; minutes: number; seconds: number } {
  const total = Math.max(0, Math.floor(milliseconds / 1000));
  return { hours: Math.floor(total / 3600), minutes: Math.floor(total / 60) % 60, seconds: total % 60 };
}
