"use client";

import { useTranslations } from "next-intl";
import type { PlaybackAccess } from "@/components/playback/grant-machine";
import type { PurposeOption } from "@/components/playback/purpose-form";
import { Button } from "@/components/ui/button";

export type PurposeSummaryProps = {
  access: PlaybackAccess | null;
  purposes: readonly PurposeOption[];
  onChange: () => void;
};

/** Shows the stated purpose with a button to change it; before the first play, that it will be asked. */
export function PurposeSummary({ access, purposes, onChange }: PurposeSummaryProps) {
  const t = useTranslations("player");
  const anyMessage = useTranslations();
  if (!access) return <p className="text-sm text-ink-muted">{t("purpose.before")}</p>;
  const labelKey = purposes.find((option) => option.value === access.purpose)?.labelKey;
  const purpose = labelKey ? anyMessage(labelKey as never) : access.purpose;
  return (
    <p className="flex min-w-0 items-center gap-x-3 text-sm text-ink-muted">
      <span className="min-w-0">{t("purpose.summary", { purpose, reference: access.reference })}</span>
      <Button variant="link" className="h-auto min-h-6 text-sm" onClick={onChange}>
        {t("actions.change")}
      </Button>
    </p>
  );
}
