import { useTranslations } from "next-intl";
import type { AuditEventItem } from "@/lib/audit/event-descriptions";

/** Shows an event as a sentence. An unknown action reads as "an action". */
export function EventSentence({ event }: { event: Pick<AuditEventItem, "action" | "actor" | "target"> }) {
  const t = useTranslations("audit");
  const actor = useActorName()(event.actor);
  const key = t.has(`actions.${event.action}` as never) ? `actions.${event.action}` : "otherAction";
  return t(key as never, { actor, target: event.target?.name ?? event.target?.id ?? "" } as never);
}

/** Returns the current name of an actor, or the id of a removed account. */
export function useActorName(): (actor: AuditEventItem["actor"]) => string {
  const t = useTranslations("audit.actors");
  return ({ type, id, name }) => {
    if (type === "anonymous") return t("anonymous");
    if (type === "job") return t("job", { name: t.has(`jobs.${id}` as never) ? t(`jobs.${id}` as never) : (id ?? "") });
    return name ?? id ?? t("anonymous");
  };
}
