import { useTranslations } from "next-intl";
import { ReasonDialog } from "@/components/forms/reason-dialog";
import type { FormAction } from "@/components/forms/use-action-form";
import { Button } from "@/components/ui/button";
import { Card, CardBody, CardFooter, CardHeader } from "@/components/ui/card";
import { TimeText } from "@/components/ui/time-text";
import type { Block } from "@/lib/recordings/blocking/read-block";

type BlockingProps = {
  recordingId: string;
  /** Null: not blocked. */
  block: Block | null;
  /** Null for a reader who may neither block nor lift. */
  actions: { block: FormAction<unknown>; lift: FormAction<unknown> } | null;
};

/** Says why the processing of a recording is suspended, and lets the DPO suspend it or lift that. */
export function Blocking({ recordingId, block, actions }: BlockingProps) {
  const t = useTranslations("recordings.blocking");
  if (!block && !actions) return null;
  return (
    <Card aria-labelledby="blocking">
      <CardHeader id="blocking" title={t("title")} description={t("description")} />
      {block ? (
        <CardBody>
          <p>{t.rich("since", { name: block.blockedBy, at: () => <TimeText value={block.blockedAt} /> })}</p>
          {block.reason ? <p className="whitespace-pre-line">{block.reason}</p> : null}
        </CardBody>
      ) : null}
      {actions ? (
        <CardFooter>
          <ReasonDialog
            trigger={<Button>{t(block ? "lift" : "block")}</Button>}
            title={t(block ? "lift" : "block")}
            description={t(block ? "liftHint" : "blockHint")}
            label={t("reason")}
            send={t(block ? "lift" : "block")}
            done={t(block ? "lifted" : "blocked")}
            action={block ? actions.lift : actions.block}
            fields={{ recordingId }}
          />
        </CardFooter>
      ) : null}
    </Card>
  );
}
