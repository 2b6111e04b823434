import { useTranslations } from "next-intl";
import { useCause } from "@/components/ui/code-words";
import { TimeText } from "@/components/ui/time-text";
import type { SiemStreamState } from "@/lib/notifications/siem/read-siem-stream";

/** How far the stream to the SIEM is, and what keeps it. */
export function SiemFacts({ siem }: { siem: SiemStreamState }) {
  const [t, cause] = [useTranslations("audit.siem"), useCause()];
  const { receiver, lastDeliveredAt, waiting, failure, rejections } = siem;
  return (
    <>
      <span className="break-all">{receiver}</span> ·{" "}
      {lastDeliveredAt ? (
        <>
          {t("lastDelivery")} <TimeText value={lastDeliveredAt} as="seconds" />
        </>
      ) : (
        t("none")
      )}{" "}
      · {t("waiting", { count: waiting.events })}
      {failure ? (
        <p className={siem.isStopped ? "text-danger" : "text-caution"}>
          {t("failure", { tries: failure.tries })} <TimeText value={failure.at} as="seconds" />: {cause(failure.code)}
        </p>
      ) : null}
      {rejections.map(({ id, createdAt, rejected, events, firstEventId }) => (
        <p key={id} className="text-danger">
          <TimeText value={createdAt} as="seconds" />: {t("rejected", { rejected, events })}{" "}
          <span className="font-mono text-sm break-all">{firstEventId}</span>
        </p>
      ))}
    </>
  );
}
