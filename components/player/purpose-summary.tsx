"use client";

import { useTranslations } from "next-intl";
import type { PlaybackAccess } from "@/components/player/grant-machine";
import type { PurposeOption } from "@/components/player/purpose-form";
import { Button } from "@/components/ui/button";

export type PurposeSummaryProps = { access: PlaybackAccess; purposes: readonly PurposeOption[]; onChange: () => void };

/** What was answered for this visit, and the way to answer anew. */
export function PurposeSummary({ access, purposes, onChange }: PurposeSummaryProps) {
  const t = useTranslations("player");
  const anyMessage = useTranslations();
  const labelKey = purposes.find((option) => option.value === access.purpose)?.labelKey;
  return (
    <p className="flex min-w-0 flex-wrap items-center gap-x-3 text-sm text-ink-muted">
      <span>{t("purpose.summary", { purpose: labelKey ? anyMessage(labelKey as never) : access.purpose })}</span>
      <span className="min-w-0 break-words">{t("purpose.referenceSummary", { reference: access.reference })}</span>
      <Button variant="link" size="small" onClick={onChange}>
        {t("actions.change")}
      </Button>
    </p>
  );
}
