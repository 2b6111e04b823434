import { useTranslations } from "next-intl";
import type { AuditEventItem } from "@/lib/audit/event-descriptions";

type ShownEvent = Pick<AuditEventItem, "action" | "actor" | "outcome" | "target">;

/** Shows an event as a sentence, which does not say that something was done when it failed. */
export function EventSentence({ event: { action, actor, outcome, target } }: { event: ShownEvent }) {
  const t = useTranslations("audit");
  const name = useActorName()(actor);
  const keys = [...(outcome !== "success" ? [`failedActions.${action}`] : []), `actions.${action}`];
  const key = keys.find((one) => t.has(one as never)) ?? "otherAction";
  return t(key as never, { actor: name, target: target?.name ?? target?.id ?? "" } as never);
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
