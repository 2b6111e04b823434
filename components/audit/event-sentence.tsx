import { useTranslations } from "next-intl";
import { useObjectWords } from "@/components/audit/object-words";
import type { AuditEventItem } from "@/lib/audit/event-descriptions";

type ShownEvent = Pick<AuditEventItem, "action" | "actor" | "outcome" | "target"> &
  Partial<Pick<AuditEventItem, "details" | "occurredAt">>;

/**
 * Shows an event as a sentence, which does not say that something was done when it failed. `withObject` adds what it
 * was done to, where the sentence does not name it: on the page of one recording that would repeat the recording.
 */
export function EventSentence({ event, withObject = false }: { event: ShownEvent; withObject?: boolean }) {
  const { action, actor, outcome, target } = event;
  const t = useTranslations("audit");
  const tried = useTranslations("codes.permissions");
  const name = useActorName()(actor);
  const object = useObjectWords()(target, event.occurredAt);
  const permission = event.details?.permission;
  if (action === "access.denied" && typeof permission === "string" && tried.has(permission as never))
    return t("tried", { actor: name, permission: tried(permission as never) });
  const keys = [...(outcome !== "success" ? [`failedActions.${action}`] : []), `actions.${action}`];
  const key = keys.find((one) => t.has(one as never)) ?? "otherAction";
  const sentence = t(key as never, { actor: name, target: target?.object?.name ?? object } as never);
  const isNamed = String(t.raw(key as never)).includes("{target}");
  if (!withObject || isNamed || object === "") return sentence;
  return (
    <>
      {sentence} <span className="text-ink-muted">· {object}</span>
    </>
  );
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
