import { useTranslations } from "next-intl";

/** Who else could approve what erases or lets hear. With nobody, the page says so before a request waits. */
export function ApproversNotice({ approvers }: { approvers: readonly string[] }) {
  const t = useTranslations("subjectRequests.deciding");
  if (approvers.length === 0)
    return (
      <p role="note" className="rounded-md bg-caution-soft px-4 py-3 text-caution">
        {t("noApprover")}
      </p>
    );
  return <p className="text-sm text-ink-muted">{t("approvers", { names: approvers.join(", ") })}</p>;
}
