import { useTranslations } from "next-intl";
import { CopyableCode } from "@/components/ui/copyable-code";
import type { EncryptionFacts } from "@/lib/recordings/encryption-description";

/**
 * Shows how the store encrypted a recording, as verified when it was stored, and with which key; or that this is
 * unknown.
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
