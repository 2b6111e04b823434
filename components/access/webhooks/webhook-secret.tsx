"use client";

import { useTranslations } from "next-intl";
import { OneTimeSecret } from "@/components/ui/one-time-secret";
import { Button } from "@/components/ui/button";

/** Shows the signing secret once. */
export function WebhookSecret({ value, onClose }: { value: string; onClose: () => void }) {
  const t = useTranslations("webhooks.secret");
  return (
    <div className="grid gap-4">
      <OneTimeSecret label={t("label")} warning={t("warning")} value={value} />
      <Button variant="primary" className="justify-self-end" onClick={onClose}>
        {t("close")}
      </Button>
    </div>
  );
}
