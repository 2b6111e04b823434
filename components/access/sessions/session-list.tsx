"use client";

import { useTranslations } from "next-intl";
import { ConfirmedAction } from "@/components/forms/confirmed-action";
import type { FormAction } from "@/components/forms/use-action-form";
import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { CardBody, CardFooter } from "@/components/ui/card";
import { TimeText } from "@/components/ui/time-text";
import type { OwnSession } from "@/lib/access/sessions/list-own-sessions";

export type SessionListProps = {
  sessions: readonly OwnSession[];
  /** The sign-in before the current one. */
  previous: OwnSession | null;
  endAction: FormAction<{ sessionId: string }>;
  endOthersAction: FormAction<{ sessionsEnded: number }>;
};

/** The reader's open sessions: where, since when, last use; end one, or all others. */
export function SessionList({ sessions, previous, endAction, endOthersAction }: SessionListProps) {
  const t = useTranslations("settings.sessions");
  const device = useDeviceName(previous);
  return (
    <>
      <CardBody className="grid gap-4">
        <p className="text-ink-muted">
          {previous ? t.rich("previous", { time: () => <TimeText value={previous.startedAt} />, device }) : t("first")}
        </p>
        <ul className="grid gap-3">
          {sessions.map((session) => (
            <SessionItem key={session.id} session={session} endAction={endAction} />
          ))}
        </ul>
      </CardBody>
      {sessions.length > 1 ? (
        <CardFooter>
          <ConfirmedAction
            trigger={<Button>{t("endOthers")}</Button>}
            title={t("endOthersTitle")}
            description={t("endOthersDescription")}
            confirmLabel={t("endOthers")}
            action={endOthersAction}
            fields={{}}
            done={t("othersEnded")}
          />
        </CardFooter>
      ) : null}
    </>
  );
}

function SessionItem({ session, endAction }: { session: OwnSession; endAction: SessionListProps["endAction"] }) {
  const t = useTranslations("settings.sessions");
  const device = useDeviceName(session);
  return (
    <li className="flex flex-wrap items-center justify-between gap-3 border-b border-line pb-3 last:border-0 last:pb-0">
      <div className="grid min-w-0 gap-0.5">
        <p className="flex flex-wrap items-center gap-2 font-medium">
          {device}
          {session.isCurrent ? <Badge tone="positive">{t("current")}</Badge> : null}
        </p>
        <Place session={session} />
        <p className="text-sm text-ink-muted">
          {t.rich("times", {
            started: () => <TimeText value={session.startedAt} />,
            used: () => <TimeText value={session.lastUsedAt} />,
          })}
        </p>
      </div>
      {session.isCurrent ? null : (
        <ConfirmedAction
          trigger={<Button size="small">{t("end")}</Button>}
          title={t("endTitle", { device })}
          description={t("endDescription")}
          confirmLabel={t("end")}
          action={endAction}
          fields={{ sessionId: session.id }}
          done={t("ended")}
        />
      )}
    </li>
  );
}

/** The address in words: nothing in the portal says which town it belongs to. */
function Place({ session: { address, knownSince } }: { session: OwnSession }) {
  const t = useTranslations("settings.sessions");
  if (address === null) return null;
  return (
    <p className="text-sm">
      {knownSince
        ? t.rich("known", { address, since: () => <TimeText value={knownSince} as="date" /> })
        : t("unknown", { address })}
    </p>
  );
}

/** "Chrome 156, Linux". */
function useDeviceName(session: OwnSession | null): string {
  const t = useTranslations("settings.sessions");
  return [session?.browser, session?.operatingSystem].filter(Boolean).join(", ") || t("unknownDevice");
}
