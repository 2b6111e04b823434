import type { Route } from "next";
import { useTranslations } from "next-intl";
import { StateBadge } from "@/components/subject-requests/state-badge";
import { Badge } from "@/components/ui/badge";
import { TextLink } from "@/components/ui/text-link";
import { TimeText } from "@/components/ui/time-text";
import { formatProtocol } from "@/lib/i18n/format";
import type { RelatedRequest } from "@/lib/subject-requests/list-related-requests";

/** Other requests with the same data, and what they ask: a right that is asked twice is answered once. */
export function RelatedRequests({ related }: { related: readonly RelatedRequest[] }) {
  const t = useTranslations("subjectRequests");
  return (
    <ul className="divide-y divide-line">
      {related.map(({ id, protocol, receivedAt, timeZone, isUnproven, kinds, rights }) => (
        <li key={id} className="grid gap-1 px-4 py-2">
          <p className="flex flex-wrap items-center gap-x-3 gap-y-1">
            <TextLink href={`/privacy-requests/${id}` as Route}>{formatProtocol(protocol)}</TextLink>
            <TimeText value={receivedAt} timeZone={timeZone} />
            <span className="text-sm text-ink-muted">
              {t("related.same", { kinds: kinds.map((kind) => t(`identifierKinds.${kind}`)).join(", ") })}
            </span>
            {isUnproven ? <Badge tone="caution">{t("views.unproven")}</Badge> : null}
          </p>
          <ul className="flex flex-wrap gap-x-4 gap-y-1">
            {rights.map(({ right, state }) => (
              <li key={right} className="flex flex-wrap items-center gap-1.5">
                {t(`rights.${right}`)} <StateBadge state={state} />
              </li>
            ))}
          </ul>
        </li>
      ))}
    </ul>
  );
}
