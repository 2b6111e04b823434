import { useTranslations } from "next-intl";
import { OutcomeBadge, SealBadge } from "@/components/audit/event-badges";
import { EventFacts } from "@/components/audit/event-facts";
import { EventSentence } from "@/components/audit/event-sentence";
import { cn } from "@/components/ui/cn";
import { EmptyState } from "@/components/ui/empty-state";
import { TimeText } from "@/components/ui/time-text";
import type { AuditEventItem } from "@/lib/audit/event-descriptions";

export type EventTimelineProps = {
  /** Newest first. */
  events: readonly AuditEventItem[];
  /** There are older events that are not shown. */
  hasMore?: boolean;
  /** IANA zone of the unit; default: the controller's. */
  timeZone?: string;
  /** Kinds of target ("recording", "user") with pages that the reader may open. */
  linkedTargets?: readonly string[];
};

/** Lists events as sentences. Each expands to its details. */
export function EventTimeline({ events, hasMore = false, timeZone, linkedTargets = [] }: EventTimelineProps) {
  const t = useTranslations("audit");
  if (events.length === 0) return <EmptyState title={t("empty.title")} description={t("empty.description")} />;
  return (
    <>
      <ol className="divide-y divide-line" aria-label={t("title")}>
        {events.map((event) => (
          <li key={event.id}>
            <details className="group">
              <summary
                className={cn(
                  "grid cursor-pointer gap-x-4 gap-y-1 px-4 py-2 hover:bg-sunken",
                  "sm:grid-cols-[9.5rem_minmax(0,1fr)_auto] sm:items-center",
                )}
              >
                <TimeText
                  value={event.occurredAt}
                  timeZone={timeZone}
                  as="seconds"
                  className="text-sm text-ink-muted tabular-nums"
                />
                <span className="min-w-0 break-words">
                  <EventSentence event={event} />
                </span>
                <span className="flex flex-wrap gap-1.5">
                  <OutcomeBadge outcome={event.outcome} />
                  <SealBadge seal={event.seal} />
                </span>
              </summary>
              <div className="border-t border-line bg-sunken px-4 py-2">
                <EventFacts event={event} linkedTargets={linkedTargets} />
              </div>
            </details>
          </li>
        ))}
      </ol>
      {hasMore ? (
        <p className="border-t border-line px-4 py-2 text-sm text-ink-muted">{t("older", { count: events.length })}</p>
      ) : null}
    </>
  );
}
