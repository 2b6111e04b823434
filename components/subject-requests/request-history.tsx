import { useTranslations } from "next-intl";
import { cn } from "@/components/ui/cn";
import { TimeText } from "@/components/ui/time-text";
import type { RequestDetails } from "@/lib/subject-requests/read-request";

/** What happened to a request, in order, each with who did it and why. */
export function RequestHistory({ events }: { events: RequestDetails["events"] }) {
  const t = useTranslations("subjectRequests");
  const name = (kind: string) => {
    const step = `steps.${kind}`;
    return t((t.has(step as never) ? step : `events.${kind}`) as never);
  };
  return (
    <ol className="divide-y divide-line" aria-label={t("detail.history")}>
      {events.map((event) => (
        <li
          key={event.id}
          className={cn("grid gap-x-4 gap-y-0.5 px-4 py-2", "sm:grid-cols-[9.5rem_minmax(0,1fr)_auto]")}
        >
          <TimeText value={event.createdAt} as="seconds" className="text-sm text-ink-muted tabular-nums" />
          <div className="min-w-0">
            <p className="break-words">
              {name(event.kind)}
              {event.right ? `: ${t(`rights.${event.right}`)}` : null}
            </p>
            {event.reason ? <p className="text-sm break-words text-ink-muted">{event.reason}</p> : null}
          </div>
          <span className="text-sm text-ink-muted">{event.actor ?? t(`actors.${event.actorType}`)}</span>
        </li>
      ))}
    </ol>
  );
}
