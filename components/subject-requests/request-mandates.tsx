import { useLocale, useTranslations } from "next-intl";
import { TimeText } from "@/components/ui/time-text";
import { formatBytes } from "@/lib/i18n/format";
import type { RequestDetails } from "@/lib/subject-requests/read-request";

/** The documents that a representative attached. They are downloaded, never shown: whoever sent them is a stranger. */
export function RequestMandates({ request }: { request: RequestDetails }) {
  const t = useTranslations("subjectRequests.mandates");
  const locale = useLocale();
  const { id: requestId, mandates, timeZone, mayWork } = request;
  return (
    <ul className="divide-y divide-line">
      {mandates.map(({ id, mediaType, sizeBytes, createdAt, purgedAt }) => (
        <li key={id} className="flex flex-wrap justify-between gap-x-4 gap-y-1 px-4 py-2">
          <span>
            {t.rich("attached", {
              type: mediaType === "image/jpeg" ? "JPEG" : "PDF",
              size: formatBytes(sizeBytes, locale),
              time: () => <TimeText value={createdAt} timeZone={timeZone} />,
            })}
          </span>
          {purgedAt ? (
            <span className="text-ink-muted">
              {t.rich("purged", { time: () => <TimeText value={purgedAt} timeZone={timeZone} /> })}
            </span>
          ) : mayWork ? (
            <a
              href={`/api/privacy-requests/${requestId}/mandates/${id}`}
              download
              className="text-accent underline underline-offset-3 hover:text-accent-strong"
            >
              {t("download")}
            </a>
          ) : null}
        </li>
      ))}
    </ul>
  );
}
