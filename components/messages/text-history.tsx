import { useTranslations } from "next-intl";
import { Card, CardBody, CardHeader } from "@/components/ui/card";
import { Pagination } from "@/components/ui/pagination";
import { TimeText } from "@/components/ui/time-text";
import type { MessageText } from "@/lib/notifications/templates/read-message-text";

/** Lists the company's versions of a text, newest first. */
export function TextHistory({ versions, olderHref }: Pick<MessageText, "versions"> & { olderHref?: string }) {
  const t = useTranslations("messageTexts.history");
  return (
    <Card aria-labelledby="history">
      <CardHeader id="history" title={t("title")} />
      {versions.length === 0 ? <CardBody className="text-ink-muted">{t("empty")}</CardBody> : null}
      <ol className="divide-y divide-line empty:hidden">
        {versions.map(({ version, subject, body, savedAt, savedBy }) => (
          <li key={version} className="grid gap-1 px-4 py-3">
            <h3 className="font-semibold">{t("version", { version })}</h3>
            <p className="text-sm text-ink-muted">
              <TimeText value={savedAt} /> · {t("savedBy", { name: savedBy })}
            </p>
            {body === null ? <p>{t("standard")}</p> : null}
            {subject ? <p className="font-medium">{subject}</p> : null}
            {body === null ? null : <p className="whitespace-pre-wrap break-words">{body}</p>}
          </li>
        ))}
      </ol>
      {olderHref ? (
        <CardBody>
          <Pagination olderHref={olderHref} />
        </CardBody>
      ) : null}
    </Card>
  );
}
