import { useTranslations } from "next-intl";
import type { RecordingRow } from "@/lib/recordings/list-recordings";

/** Shows a customer's number, or what the phone system gave instead: a withheld number is not the same as none. */
export function CustomerNumber({ number, numberKind, state }: Pick<RecordingRow, "number" | "numberKind" | "state">) {
  const t = useTranslations("recordings.numberKinds");
  if (state === "deleted") return "–";
  const written = number && <span className="font-mono text-sm">{number}</span>;
  if (numberKind === "number" || (numberKind === null && written)) return written;
  return (
    <span className="text-ink-muted">
      {t(numberKind ?? "notInformed")}
      {written ? <> · {written}</> : null}
    </span>
  );
}
