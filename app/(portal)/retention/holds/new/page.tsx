import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { extendHoldAction, placeHoldAction, previewHoldAction } from "@/app/(portal)/retention/holds/actions";
import { readHoldSelection } from "@/app/(portal)/retention/holds/read-hold-selection";
import { AddToHold } from "@/components/legal-holds/add-to-hold";
import type { HiddenField } from "@/components/forms/hidden-fields";
import { HoldForm } from "@/components/legal-holds/hold-form";
import { HoldPreviewSummary } from "@/components/legal-holds/hold-preview-summary";
import { WholeCallsLink } from "@/components/legal-holds/whole-calls-link";
import { NewHold } from "@/components/legal-holds/new-hold";
import { Card, CardBody } from "@/components/ui/card";
import { PageHeader } from "@/components/ui/page-header";
import { loadPage } from "@/lib/http/load-page";
import { pageContext } from "@/lib/http/page-context";
import type { SearchParams } from "@/lib/http/page-address";
import { listHoldOwners } from "@/lib/legal-holds/hold-owners";
import type { HoldSelection } from "@/lib/legal-holds/hold-input";
import { listHolds } from "@/lib/legal-holds/list-holds";
import { previewHold } from "@/lib/legal-holds/preview-hold";
import { newId } from "@/lib/core/new-id";
import { listRecordingFacets } from "@/lib/recordings/list-recording-facets";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("holds"))("new.title") };
}

type Shared = Pick<Parameters<typeof HoldForm>[0], "owners" | "ownerId" | "action">;

export default async function NewHoldPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const chosen = readHoldSelection(await searchParams);
  const [t, { user }, owners] = await Promise.all([
    getTranslations("holds"),
    pageContext(),
    loadPage(listHoldOwners, {}),
  ]);
  const shared: Shared = { owners, ownerId: user.userId, action: placeHoldAction };
  // The page chooses the id, so that submitting the form twice places one hold.
  const id = ["holdId", newId()] as const;
  return (
    <>
      <PageHeader
        title={t("new.title")}
        description={t("new.description")}
        parent={{ href: "/retention/holds", label: t("title") }}
      />
      {chosen ? (
        <Chosen {...chosen} id={id} {...shared} />
      ) : (
        <NewHold
          fields={[id]}
          facets={await loadPage(listRecordingFacets, {})}
          preview={previewHoldAction}
          {...shared}
        />
      )}
    </>
  );
}

/** Shows the selected recordings, to place a new hold on them or add them to an active one. */
async function Chosen({
  selection,
  fields,
  id,
  ...shared
}: Shared & { selection: HoldSelection; fields: HiddenField[]; id: HiddenField }) {
  const [preview, holds] = await Promise.all([
    loadPage(previewHold, { selection }),
    loadPage(listHolds, { state: "in_force", limit: 100 }),
  ]);
  return (
    <div className="grid gap-4">
      <Card className="max-w-4xl">
        <CardBody>
          <HoldPreviewSummary preview={preview} />
          {"recordingIds" in selection ? <WholeCallsLink selection={selection} /> : null}
        </CardBody>
      </Card>
      {preview.recordings > 0 ? (
        <div className="grid max-w-4xl items-start gap-4 lg:grid-cols-[minmax(0,3fr)_minmax(0,2fr)]">
          <HoldForm fields={[id, ...fields]} {...shared} />
          {holds.rows.length > 0 ? <AddToHold holds={holds.rows} fields={fields} action={extendHoldAction} /> : null}
        </div>
      ) : null}
    </div>
  );
}
