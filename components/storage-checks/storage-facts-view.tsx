import { Check, Minus } from "lucide-react";
import { useLocale, useTranslations } from "next-intl";
import { useStoreName } from "@/components/ui/code-words";
import { Card, CardBody, CardHeader } from "@/components/ui/card";
import { DescriptionList } from "@/components/ui/description-list";
import { FormMessage } from "@/components/ui/form-message";
import { formatBytes } from "@/lib/i18n/format";
import type { StorageFacts } from "@/lib/storage-checks/read-storage";

const abilities = [
  "sha256Verified",
  "sha256Reported",
  "conditionalWrite",
  "encryption",
  "versioning",
  "objectLock",
  "multipart",
  "signedVersion",
] as const;

/** Shows where recordings are stored, and what that store supports. */
export function StorageFactsView({ facts }: { facts: StorageFacts }) {
  const t = useTranslations("settings.storage");
  const locale = useLocale();
  const storeName = useStoreName();
  const { capabilities } = facts;
  const installation = [
    { term: t("name"), description: storeName(facts.name) },
    { term: t("encryption"), description: t(`encryptions.${facts.encryption}`) },
    { term: t("delivery"), description: t(`deliveries.${facts.delivery}`) },
    { term: t("maxUpload"), description: formatBytes(capabilities.maxUploadBytes, locale) },
    { term: t("maxLink"), description: t("hours", { count: Math.floor(capabilities.maxLinkSeconds / 3600) }) },
  ];
  return (
    <div className="grid max-w-4xl gap-4">
      <Card aria-labelledby="storage">
        <CardHeader id="storage" title={t("title")} description={t("description")} />
        <CardBody className="grid gap-3">
          {facts.encryption === "none" ? <FormMessage tone="caution">{t("unencrypted")}</FormMessage> : null}
          <DescriptionList facts={installation} />
        </CardBody>
      </Card>
      <Card aria-labelledby="capabilities">
        <CardHeader id="capabilities" title={t("capabilities")} />
        <ul className="grid px-4 py-2 sm:grid-cols-2 sm:gap-x-8">
          {abilities.map((ability) => (
            <Ability key={ability} has={isAble(capabilities[ability])} label={t(`capability.${ability}`)} />
          ))}
        </ul>
      </Card>
    </div>
  );
}

const isAble = (value: boolean | readonly string[]) => (typeof value === "boolean" ? value : value.length > 0);

function Ability({ has, label }: { has: boolean; label: string }) {
  const t = useTranslations("common");
  const Icon = has ? Check : Minus;
  return (
    <li className="flex items-center justify-between gap-3 border-b border-line py-1.5">
      <span>{label}</span>
      <span className={has ? "flex items-center gap-1 text-positive" : "flex items-center gap-1 text-ink-muted"}>
        <Icon aria-hidden className="size-4" />
        {has ? t("yes") : t("no")}
      </span>
    </li>
  );
}
