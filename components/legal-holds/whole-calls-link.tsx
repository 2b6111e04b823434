import type { Route } from "next";
import { useTranslations } from "next-intl";
import { TextLink } from "@/components/ui/text-link";

type WholeCallsLinkProps = { selection: { recordingIds: readonly string[]; onlyThese?: boolean } };

/** Changes between a hold on the chosen recordings with the others of their calls, and on the chosen ones only. */
export function WholeCallsLink({ selection: { recordingIds, onlyThese = false } }: WholeCallsLinkProps) {
  const t = useTranslations("holds.preview");
  const address = new URLSearchParams(recordingIds.map((id) => ["recording", id]));
  if (!onlyThese) address.set("only", "these");
  return (
    <p className="mt-3 text-sm">
      {t(onlyThese ? "onlyThese" : "wholeCalls")}{" "}
      <TextLink href={`/retention/holds/new?${address}` as Route}>
        {t(onlyThese ? "chooseCalls" : "chooseThese")}
      </TextLink>
    </p>
  );
}
