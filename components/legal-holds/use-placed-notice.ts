"use client";

import { useTranslations } from "next-intl";
import { useNotify } from "@/components/ui/toast";
import type { PlacedHold } from "@/lib/legal-holds/place-hold";

/** Shows a notice of what was put under a hold, and of what was already deleted. */
export function usePlacedNotice(): (placed: PlacedHold) => void {
  const t = useTranslations("holds.new");
  const notify = useNotify();
  return ({ held, widened, tooLate, finished }) => {
    const text = !finished ? "placedInPart" : widened > 0 ? "widened" : "placed";
    notify(t(text, { count: held, widened, tooLate }));
  };
}
