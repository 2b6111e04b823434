import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { registerRequestAction } from "@/app/(portal)/privacy-requests/actions";
import { IntakeForm } from "@/components/subject-requests/intake-form";
import { PageHeader } from "@/components/ui/page-header";
import { newId } from "@/lib/core/new-id";
import { loadPage } from "@/lib/http/load-page";
import { readIntake } from "@/lib/subject-requests/read-intake";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("subjectRequests"))("intake.title") };
}

export default async function NewPrivacyRequestPage() {
  const [t, intake] = await Promise.all([getTranslations("subjectRequests"), loadPage(readIntake, {})]);
  return (
    <>
      <PageHeader
        title={t("intake.title")}
        description={t("intake.description")}
        parent={{ href: "/privacy-requests", label: t("title") }}
      />
      {/* The page chooses the id, so that submitting the form twice registers one request. */}
      <IntakeForm requestId={newId()} {...intake} action={registerRequestAction} />
    </>
  );
}
