import { useTranslations } from "next-intl";
import { ErrorText } from "@/components/ui/error-text";
import { FormMessage } from "@/components/ui/form-message";
import { formatDateTime } from "@/lib/i18n/format";
import type { RecordingDetails } from "@/lib/recordings/read-recording";

/** In place of the player: explains why there is no audio. */
export function RecordingNotice({ recording }: { recording: RecordingDetails }) {
  const t = useTranslations("recordings.detail");
  const { state, unit, deletedAt, rejectionCode } = recording;
  if (state === "stored" && recording.isEmpty && recording.mayPlay)
    return <FormMessage tone="info">{t("noSound")}</FormMessage>;
  if (state === "stored") return <FormMessage tone="info">{t("cannotPlay")}</FormMessage>;
  if (state === "rejected") {
    return (
      <FormMessage tone="danger">
        {t("notStored.rejected")} <ErrorText code={rejectionCode ?? "internal"} />
      </FormMessage>
    );
  }
  if (state === "deleted")
    return (
      <FormMessage tone="info">
        {t("notStored.deleted", { date: formatDateTime(deletedAt!, unit.timeZone) })}
      </FormMessage>
    );
  return <FormMessage tone="caution">{t(`notStored.${state}`)}</FormMessage>;
}
