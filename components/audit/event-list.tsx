import type { Route } from "next";
import { useTranslations } from "next-intl";
import Link from "next/link";
import { OutcomeBadge, SealBadge } from "@/components/audit/event-badges";
import { EventFacts } from "@/components/audit/event-facts";
import { EventSentence } from "@/components/audit/event-sentence";
import { EmptyState } from "@/components/ui/empty-state";
import { TimeText } from "@/components/ui/time-text";
import type { AuditEventItem } from "@/lib/audit/event-descriptions";

export type EventListProps = {
  /** Newest first. */
  events: readonly AuditEventItem[];
  /** The event whose facts are shown. Only they are in the page: fifty events with all facts are heavy. */
  openId?: string;
  /** The address of this list without an open event, with its filters. */
  href: string;
  linkedTargets: readonly string[];
};

/** The audit log as dense lines. Each is a link that shows or hides the facts of its event, also without JavaScript. */
export function EventList({ events, openId, href, linkedTargets }: EventListProps) {
  const t = useTranslations("audit");
  if (events.length === 0) return <EmptyState title={t("empty.title")} description={t("empty.description")} />;
  const join = href.includes("?") ? "&" : "?";
  return (
    <ol className="divide-y divide-line" aria-label={t("title")}>
      {events.map((event) => {
        const isOpen = event.id === openId;
        return (
          <li key={event.id} id={event.id}>
            <Link
              href={(isOpen ? href : `${href}${join}event=${event.id}`) as Route}
              scroll={false}
              prefetch={false}
              aria-expanded={isOpen}
              className="event-line"
            >
              <TimeText value={event.occurredAt} as="seconds" />
              <span>
                <EventSentence event={event} withObject />
              </span>
              {event.outcome === "success" && event.seal !== null ? null : (
                <span>
                  <OutcomeBadge outcome={event.outcome} />
                  {event.seal === null ? <SealBadge seal={null} /> : null}
                </span>
              )}
            </Link>
            {isOpen ? (
              <div className="border-t border-line bg-sunken px-4 py-2">
                <EventFacts event={event} linkedTargets={linkedTargets} />
              </div>
            ) : null}
          </li>
        );
      })}
    </ol>
  );
}
