import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { FormMessage } from "@/components/ui/form-message";
import { TextLink } from "@/components/ui/text-link";
import type { ControllerSettings } from "@/lib/access/controller/read-controller";

/** Says on the first page of administrators and DPOs what the controller's settings lack. */
export function ControllerNotice({ settings }: { settings: Pick<ControllerSettings, "version" | "missing"> }) {
  const t = useTranslations("controller");
  const { version, missing } = settings;
  if (missing.length === 0) return null;
  const link = (text: ReactNode) => <TextLink href="/settings/controller">{text}</TextLink>;
  return (
    <FormMessage tone="caution" className="mb-4">
      {version === 0
        ? t.rich("notice.none", { link })
        : t.rich("notice.some", { link, list: missing.map((name) => t(`missing.${name}`)).join("; ") })}
    </FormMessage>
  );
}
