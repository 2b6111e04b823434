import { useLocale, useTranslations } from "next-intl";
import Link from "next/link";
import { AdmitLoss, RemoveObject } from "@/components/store-scan/destructive-remedies";
import { AcknowledgeFinding, RecheckObject, RetryFinding } from "@/components/store-scan/remedy-forms";
import type { FormAction } from "@/components/forms/use-action-form";
import type { FindingRemedy, FindingDetails } from "@/lib/store-scan/read-finding";
import { formatBytes } from "@/lib/i18n/format";

export type RemedyActions = {
  removeObject: FormAction<unknown>;
  recheck: FormAction<{ resolved: boolean }>;
  admitLoss: FormAction<unknown>;
  retry: FormAction<unknown>;
  acknowledge: FormAction<unknown>;
};

/** Shows what the reader may do about a discrepancy. */
export function FindingRemedies({ finding, actions }: { finding: FindingDetails; actions: RemedyActions }) {
  const t = useTranslations("storeScan.remedies");
  const locale = useLocale();
  const { id: findingId, kind, facts, state, removalOrderedAt, remedies } = finding;
  const may = (remedy: FindingRemedy) => remedies.includes(remedy);
  if (state === "resolved") return <p>{t("none")}</p>;
  return (
    <div className="grid gap-4">
      {removalOrderedAt ? <p>{t("ordered")}</p> : null}
      {remedies.length === 0 ? <p>{t("nobody")}</p> : null}
      {may("recheck") ? <RecheckObject findingId={findingId} action={actions.recheck} /> : null}
      {may("retry") &&
      (kind === "ticket_never_completed" || kind === "past_retention" || kind === "hold_not_locked") ? (
        <RetryFinding findingId={findingId} kind={kind} action={actions.retry} />
      ) : null}
      {may("remove_object") ? (
        <RemoveObject
          findingId={findingId}
          size={formatBytes(Number(facts.sizeBytes), locale)}
          action={actions.removeObject}
        />
      ) : null}
      {may("admit_loss") ? <AdmitLoss findingId={findingId} action={actions.admitLoss} /> : null}
      {kind === "empty_audio" && remedies.length > 0 ? (
        <p>
          {t.rich("emptyAudio", {
            link: (text) => (
              <Link href="/retention/deletion-orders" className="text-accent underline underline-offset-3">
                {text}
              </Link>
            ),
          })}
        </p>
      ) : null}
      {may("acknowledge") ? (
        <AcknowledgeFinding findingId={findingId} isAgain={state === "acknowledged"} action={actions.acknowledge} />
      ) : null}
    </div>
  );
}
