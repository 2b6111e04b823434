import { useTranslations } from "next-intl";
import { FormMessage } from "@/components/ui/form-message";
import type { RunFailure } from "@/lib/deletion/runs/finish-retention-run";
import type { RetentionRunReport } from "@/lib/deletion/runs/read-retention-run";

/** Explains what it means that a run did not finish, and what follows. Nothing for a finished run. */
export function RunNotice({ run: { state, failureCode } }: { run: RetentionRunReport }) {
  const t = useTranslations("runReport.notices");
  if (state === "finished") return null;
  if (state === "failed") return <FormMessage>{t(`failed.${(failureCode ?? "internal") as RunFailure}`)}</FormMessage>;
  return (
    <FormMessage tone={state === "interrupted" ? "danger" : state === "running" ? "info" : "caution"}>
      {t(state)}
    </FormMessage>
  );
}
