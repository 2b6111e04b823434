import { useTranslations } from "next-intl";
import { CopyableCode } from "@/components/ui/copyable-code";
import type { EncryptionFacts } from "@/lib/recordings/describe-encryption";

/**
 * How a recording is encrypted, as it was found when it came into custody, and under which key; or that nobody
 * says.
 */
export function EncryptionFact({ encryption }: { encryption: EncryptionFacts | null }) {
  const t = useTranslations("recordings.detail");
  if (!encryption) return t("encryptionUnverifiable");
  const { algorithm, keyName } = encryption;
  return (
    <>
      {t.has(`encryptions.${algorithm}` as never) ? t(`encryptions.${algorithm}` as never) : algorithm}
      {keyName ? (
        <span className="flex flex-wrap items-center gap-x-1 text-sm text-ink-muted">
          {t("encryptionKey")} <CopyableCode value={keyName} />
        </span>
      ) : null}
    </>
  );
}
