import type { Route } from "next";
import { useTranslations } from "next-intl";
import Link from "next/link";
import type { ReactNode } from "react";
import { DetailValue } from "@/components/audit/detail-value";
import { useObjectWords } from "@/components/audit/object-words";
import { useActorName } from "@/components/audit/event-sentence";
import { DescriptionList, type Fact } from "@/components/ui/description-list";
import type { AuditEventItem } from "@/lib/audit/event-descriptions";

const pages: Record<string, string> = {
  recording: "/recordings",
  user: "/users",
  subject_request: "/privacy-requests",
};

/** Lists all facts of one event. */
export function EventFacts({ event, linkedTargets }: { event: AuditEventItem; linkedTargets: readonly string[] }) {
  const t = useTranslations("audit");
  const actorName = useActorName();
  const { actor, target } = event;
  const role = actor.role && t(`roles.${actor.role}` as never);
  const facts: (Fact | null)[] = [
    {
      term: t("facts.actor"),
      description: (
        <Named
          name={[actorName(actor), role].filter(Boolean).join(" · ")}
          id={actor.type === "job" ? null : actor.id}
        />
      ),
    },
    target && {
      term: t("facts.target"),
      description: <Target target={target} isLinked={linkedTargets.includes(target.type)} />,
    },
    event.unitName ? { term: t("facts.unit"), description: event.unitName } : null,
    ...Object.entries(event.details).map(([key, value]) => ({
      term: t((t.has(`details.${key}` as never) ? `details.${key}` : "details.other") as never),
      description: <DetailValue name={key} value={value} />,
    })),
    event.ipAddress ? { term: t("facts.ipAddress"), description: <Code>{event.ipAddress}</Code> } : null,
    {
      term: t("facts.seal"),
      description: event.seal === null ? t("seal.waiting") : t("seal.sealed", { sequence: event.seal }),
    },
    { term: t("facts.request"), description: <Code>{event.requestId}</Code> },
    { term: t("facts.id"), description: <Code>{event.id}</Code> },
  ];
  return <DescriptionList facts={facts.filter((fact) => fact !== null)} columns={2} />;
}

function Target({ target, isLinked }: { target: NonNullable<AuditEventItem["target"]>; isLinked: boolean }) {
  const { type, id, object } = target;
  const t = useTranslations("audit.targets");
  const words = useObjectWords()(target);
  const kind = t((t.has(type as never) ? type : "other") as "other");
  const text = <Named name={object && words !== kind ? `${kind} · ${words}` : kind} id={id} />;
  const page = pages[type];
  if (!isLinked || !page) return text;
  return (
    <Link href={`${page}/${id}` as Route} className="text-accent underline underline-offset-3">
      {text}
    </Link>
  );
}

function Named({ name, id }: { name: string; id: string | null }) {
  return (
    <>
      {name} {id ? <Code>{id}</Code> : null}
    </>
  );
}

function Code({ children }: { children: ReactNode }) {
  return <span className="font-mono text-sm break-all">{children}</span>;
}
