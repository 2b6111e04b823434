import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import {
  changeMessageTextAction,
  previewMessageTextAction,
  restoreStandardTextAction,
} from "@/app/(portal)/settings/messages/actions";
import { ChooseText } from "@/components/messages/choose-text";
import { TextEditor } from "@/components/messages/text-editor";
import { TextHistory } from "@/components/messages/text-history";
import { loadPage } from "@/lib/http/load-page";
import { pageLink, readFilters, type SearchParams } from "@/lib/http/page-address";
import { pageContext } from "@/lib/http/page-context";
import { listMessageTexts } from "@/lib/notifications/templates/list-message-texts";
import { messageChannels, templateNames } from "@/lib/notifications/templates/message-templates";
import { readMessageText } from "@/lib/notifications/templates/read-message-text";
import { textPage } from "@/lib/notifications/templates/text-input";
import { isAllowed } from "@/lib/operation/permissions";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("messageTexts"))("title") };
}

export default async function MessageTextsPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const params = await searchParams;
  const { template = "one_time_code", channel = "email", locale = "pt-BR", before } = readFilters(textPage, params);
  const key = { template, channel, locale };
  const [own, text, { context }] = await Promise.all([
    loadPage(listMessageTexts, {}),
    loadPage(readMessageText, { ...key, before }),
    pageContext(),
  ]);
  return (
    <div className="grid max-w-4xl gap-4">
      <ChooseText chosen={key} own={own} templates={templateNames} channels={messageChannels} />
      <TextEditor
        key={`${template} ${channel} ${locale} ${text.current.version}`}
        text={text}
        mayChange={isAllowed(context.actor, "message-text:write")}
        changeAction={changeMessageTextAction}
        previewAction={previewMessageTextAction}
        restoreAction={restoreStandardTextAction}
      />
      <TextHistory
        versions={text.versions}
        olderHref={pageLink("/settings/messages", params, "before", text.nextCursor)}
      />
    </div>
  );
}
