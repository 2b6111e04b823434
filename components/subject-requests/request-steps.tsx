"use client";

import type { Route } from "next";
import { useTranslations } from "next-intl";
import Link from "next/link";
import { ConfirmedAction } from "@/components/forms/confirmed-action";
import type { FormAction } from "@/components/forms/use-action-form";
import { ConfirmIdentity } from "@/components/subject-requests/confirm-identity";
import { OtherStep } from "@/components/subject-requests/other-step";
import { Button } from "@/components/ui/button";
import type { RequestDetails } from "@/lib/subject-requests/read-request";

export type RequestStepsProps = {
  request: Pick<RequestDetails, "id" | "rights" | "mayWork" | "requester" | "identifiers">;
  move: FormAction<unknown>;
  /** The key of the form that confirms the identity, and its action. */
  identity: { checkId: string; confirm: FormAction<unknown> };
};

/** What may be done next with a request. Nothing is shown for a step that no right may take. */
export function RequestSteps({ request, move, identity }: RequestStepsProps) {
  const t = useTranslations("subjectRequests");
  const { id, rights, mayWork, requester } = request;
  const mayTake = (step: string) => mayWork && rights.some(({ steps }) => (steps as string[]).includes(step));
  // Rights that one line proved may be in the search already, without the other identifiers.
  const mayCoverMore = mayWork && rights.some(isSearched) && request.identifiers.some(({ isLeftOut }) => isLeftOut);
  return (
    <>
      {rights.some(({ state }) => !isBeforeFinding(state)) ? (
        <Button asChild variant={rights.some(({ steps }) => isToFind(steps)) && mayWork ? "primary" : undefined}>
          <Link href={`/privacy-requests/${id}/recordings` as Route}>{t("finding.link")}</Link>
        </Button>
      ) : null}
      {rights.some(({ state }) => isDecidable(state)) ? (
        <Button asChild variant={mayTake("execute") ? "primary" : undefined}>
          <Link href={`/privacy-requests/${id}/decisions` as Route}>{t("deciding.link")}</Link>
        </Button>
      ) : null}
      {mayWork ? <OtherStep requestId={id} mayTake={mayTake} action={move} /> : null}
      {mayTake("confirm_identity") || mayCoverMore ? (
        <ConfirmIdentity
          requestId={id}
          checkId={identity.checkId}
          isRepresented={requester !== "data_subject"}
          action={identity.confirm}
        />
      ) : null}
      {mayTake("start") ? (
        <ConfirmedAction
          trigger={<Button variant="primary">{t("start.button")}</Button>}
          title={t("start.button")}
          description={t("start.description")}
          confirmLabel={t("start.button")}
          tone="primary"
          action={move}
          fields={{ requestId: id, step: "start" }}
          done={t("start.done")}
        />
      ) : null}
    </>
  );
}

const isToFind = (steps: readonly string[]) =>
  steps.includes("analyse") || (steps.includes("find") && !steps.includes("execute"));

const isDecidable = (state: string) =>
  ["analysing", "awaiting_approval", "executing", "answered", "closed"].includes(state);

const isSearched = ({ state }: { state: string }) => ["triage", "finding", "analysing"].includes(state);

const isBeforeFinding = (state: string) =>
  ["received", "verifying_identity", "awaiting_subject", "unverified", "reopened", "withdrawn"].includes(state);
