import { useTranslations } from "next-intl";
import { cn } from "@/components/ui/cn";

/** Names the two channels of a stereo call: above them on a phone, beside them on a wider screen. */
export function LaneLabels() {
  const t = useTranslations("player.lanes");
  return (
    <div
      className={cn(
        "pointer-events-none absolute inset-y-0 left-0 z-10 grid grid-rows-2 pb-1.5",
        "text-xs font-medium text-ink-muted sm:static sm:w-20 sm:text-sm",
      )}
    >
      {(["agent", "customer"] as const).map((side) => (
        <span key={side} className="self-start pl-1.5 sm:self-center sm:pl-0">
          {t(side)}
        </span>
      ))}
    </div>
  );
}
