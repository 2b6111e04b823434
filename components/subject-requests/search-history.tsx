import { useTranslations } from "next-intl";
import { useStoreName } from "@/components/ui/code-words";
import { TimeText } from "@/components/ui/time-text";
import type { Searches } from "@/lib/subject-requests/finding/read-searches";

type Search = Searches["searches"][number];

/** What was searched for a request, latest first: by whom, with which counts, in which stores. */
export function SearchHistory({ searches, timeZone }: { searches: readonly Search[]; timeZone: string }) {
  const t = useTranslations("subjectRequests.finding");
  if (searches.length === 0) return <p className="px-4 py-3 text-ink-muted">{t("neverSearched")}</p>;
  return (
    <ol aria-label={t("history")} className="divide-y divide-line">
      {searches.map((search) => (
        <li key={search.id} className="px-4 py-2">
          <SearchLine search={search} timeZone={timeZone} />
          <ul className="text-sm text-ink-muted">
            {search.searchedFor.map((question, index) => (
              <Question key={index} question={question} />
            ))}
          </ul>
        </li>
      ))}
    </ol>
  );
}

function SearchLine({ search, timeZone }: { search: Search; timeZone: string }) {
  const t = useTranslations("subjectRequests.finding");
  const storeName = useStoreName();
  const { createdAt, searchedBy, stores, searchedFor } = search;
  return (
    <p>
      {t.rich("line", {
        name: searchedBy,
        stores: stores.map(storeName).join(", "),
        questions: searchedFor.length,
        at: () => <TimeText value={createdAt} timeZone={timeZone} />,
      })}
    </p>
  );
}

function Question({ question }: { question: Search["searchedFor"][number] }) {
  const t = useTranslations("subjectRequests");
  const { reason, found, isCut, needsPeriod, notProved } = question;
  return (
    <li>
      {t(`matchReasons.${reason}`)}: <span className="tabular-nums">{t("finding.found", { count: found })}</span>
      {isCut ? ` ${t("finding.cut")}` : null}
      {notProved ? <span className="text-caution"> {t("finding.notProved")}</span> : null}
      {needsPeriod ? <span className="text-caution"> {t("finding.needsPeriod")}</span> : null}
    </li>
  );
}
