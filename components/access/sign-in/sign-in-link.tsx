"use client";

import type { Route } from "next";
import { useTranslations } from "next-intl";
import { buttonStyles } from "@/components/ui/button";

/**
 * Leads to the sign-in page from what an ended session stopped. `at`: the address to return to; without it the sign-in
 * opens in another tab, so that what was typed here stays and can be sent again.
 */
export function SignInLink({ at }: { at?: () => string }) {
  const t = useTranslations("common.signIn");
  const open = (event: React.MouseEvent<HTMLAnchorElement>) => {
    const next = at?.() ?? window.location.pathname + window.location.search;
    event.currentTarget.href = `/sign-in?${new URLSearchParams({ next })}`;
  };
  const tab = at ? {} : { target: "_blank", rel: "noreferrer" };
  return (
    <a href={"/sign-in" satisfies Route} onClick={open} className={buttonStyles({ size: "small" })} {...tab}>
      {at ? t("here") : t("otherTab")}
    </a>
  );
}
