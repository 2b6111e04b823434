import { useTimeZone, useTranslations } from "next-intl";
import { ErrorText } from "@/components/ui/error-text";
import { FormMessage } from "@/components/ui/form-message";
import type { RefusedForm } from "@/lib/core/refused-forms";
import { formatBeside } from "@/lib/i18n/format";
import type { RecordingDetails } from "@/lib/recordings/read-recording";

/** In place of the player: explains why there is no audio. */
export function RecordingNotice({ recording }: { recording: RecordingDetails }) {
  const t = useTranslations("recordings.detail");
  const formName = useFormName();
  const zone = useTimeZone() ?? "UTC";
  const { state, unit, deletedAt, rejectionCode, rejectionForm } = recording;
  if (recording.isQuarantined && recording.mayPlay) return <FormMessage tone="caution">{t("quarantined")}</FormMessage>;
  if (recording.isBlocked && recording.mayPlay) return <FormMessage tone="caution">{t("blocked")}</FormMessage>;
  if (state === "stored" && recording.isEmpty && recording.mayPlay)
    return <FormMessage tone="info">{t("noSound")}</FormMessage>;
  if (state === "stored") return <FormMessage tone="info">{t("cannotPlay")}</FormMessage>;
  if (state === "rejected") {
    return (
      <FormMessage tone="danger">
        {t("notStored.rejected")} <ErrorText code={rejectionCode ?? "internal"} />{" "}
        {rejectionForm ? t("notStored.content", { form: formName(rejectionForm) }) : null}
      </FormMessage>
    );
  }
  if (state === "deleted")
    return (
      <FormMessage tone="info">
        {t("notStored.deleted", { date: formatBeside(deletedAt!, zone, unit.timeZone) })}
      </FormMessage>
    );
  return <FormMessage tone="caution">{t(`notStored.${state}`)}</FormMessage>;
}

/** Names what a rejected file is: by its code, or a content type as it is. */
function useFormName() {
  const t = useTranslations("codes.refusedForms");
  return (form: string) => (t.has(form as RefusedForm) ? t(form as RefusedForm) : form);
}
