import { useTranslations } from "next-intl";
import { TimeText } from "@/components/ui/time-text";
import type { RunWait } from "@/lib/db/schema/retention";

/** Says how many recordings wait for what, and until when at the latest. */
export function WaitingReasons({ reasons }: { reasons: readonly RunWait[] }) {
  const t = useTranslations("retention.waiting");
  return (
    <ul className="list-disc pl-5">
      {reasons.map(({ reason, recordings, until }) => (
        <li key={reason}>
          {t(`reasons.${reason}`, { count: recordings })}
          {until ? t.rich("until", { time: () => <TimeText value={new Date(until)} /> }) : null}
        </li>
      ))}
    </ul>
  );
}
