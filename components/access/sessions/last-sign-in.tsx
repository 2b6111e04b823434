"use client";

import { useTranslations } from "next-intl";
import { useEffect, useEffectEvent } from "react";
import { TimeText } from "@/components/ui/time-text";
import { useNotify } from "@/components/ui/toast";

export type PreviousSignIn = { startedAt: Date; browser: string | null; operatingSystem: string | null };

const marker = "custodia-signs-in";

/** On the sign-in page: the next page of the portal in this tab says when the person signed in before. */
export function AnnounceSignIn() {
  useEffect(() => window.sessionStorage.setItem(marker, "yes"), []);
  return null;
}

/** After a sign-in: says once when the person signed in before, so that they notice a stranger. */
export function LastSignIn({ read }: { read: () => Promise<PreviousSignIn | null> }) {
  const t = useTranslations("shell.lastSignIn");
  const notify = useNotify();
  const show = useEffectEvent(async () => {
    const previous = await read().catch(() => null);
    if (!previous) return;
    const device = [previous.browser, previous.operatingSystem].filter(Boolean).join(", ") || t("unknownDevice");
    notify(t.rich("notice", { time: () => <TimeText value={previous.startedAt} />, device }), "info");
  });
  useEffect(() => {
    if (window.sessionStorage.getItem(marker) === null) return;
    window.sessionStorage.removeItem(marker);
    void show();
  }, []);
  return null;
}
