"use client";

import { useTranslations } from "next-intl";
import { ReasonDialog } from "@/components/forms/reason-dialog";
import { useActionForm, type FormAction } from "@/components/forms/use-action-form";
import { MatchesTable } from "@/components/subject-requests/matches-table";
import { Button } from "@/components/ui/button";
import { CardBody, CardFooter } from "@/components/ui/card";
import { Field } from "@/components/ui/field";
import { Textarea } from "@/components/ui/textarea";
import { useNotify } from "@/components/ui/toast";
import type { MatchRow } from "@/lib/subject-requests/finding/list-matches";

type DecideMatchesProps = {
  requestId: string;
  rows: readonly MatchRow[];
  decide: FormAction<unknown>;
  /** Null where there are no exact finds to include together. */
  includeExact: FormAction<unknown> | null;
};

/** What was found, with boxes: those that are chosen are included or excluded, with a reason. */
export function DecideMatches({ requestId, rows, decide, includeExact }: DecideMatchesProps) {
  const t = useTranslations("subjectRequests.finding");
  const notify = useNotify();
  const { form, problem, message } = useActionForm(decide, () => notify(t("decided")));
  const chosen = problem("recordings");
  return (
    <>
      <form {...form}>
        <input type="hidden" name="requestId" value={requestId} />
        <MatchesTable rows={rows} mayChoose />
        <CardBody className="grid gap-3 border-t border-line">
          {message}
          {chosen ? (
            <p role="alert" className="text-sm font-medium text-danger">
              {chosen}
            </p>
          ) : null}
          <Field id="match-reason" label={t("reason")} hint={t("reasonHint")} error={problem("reason")}>
            <Textarea name="reason" rows={2} required maxLength={2000} />
          </Field>
          <div className="flex flex-wrap gap-2">
            <Button type="submit" name="decision" value="included" variant="primary">
              {t("include")}
            </Button>
            <Button type="submit" name="decision" value="excluded">
              {t("exclude")}
            </Button>
          </div>
        </CardBody>
      </form>
      {includeExact ? (
        <CardFooter>
          <ReasonDialog
            trigger={<Button>{t("includeAll")}</Button>}
            title={t("includeAll")}
            description={t("includeAllHint")}
            label={t("reason")}
            send={t("includeAll")}
            done={t("decided")}
            action={includeExact}
            fields={{ requestId }}
          />
        </CardFooter>
      ) : null}
    </>
  );
}
