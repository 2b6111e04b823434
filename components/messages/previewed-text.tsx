import { useTranslations } from "next-intl";
import { Card, CardBody, CardHeader } from "@/components/ui/card";
import type { MessagePreview } from "@/lib/notifications/templates/preview-message-text";

/** A text as a person would get it. */
export function PreviewedText({ preview: { subject, text, html } }: { preview: MessagePreview }) {
  const t = useTranslations("messageTexts.preview");
  return (
    <Card aria-labelledby="preview" role="status">
      <CardHeader id="preview" title={t("title")} description={t("description")} />
      <CardBody className="grid gap-3">
        {subject === null ? null : (
          <div>
            <h3 className="text-sm text-ink-muted">{t("subject")}</h3>
            <p className="font-semibold">{subject}</p>
          </div>
        )}
        <div>
          <h3 className="text-sm text-ink-muted">{t("text")}</h3>
          <p className="whitespace-pre-wrap break-words">{text}</p>
        </div>
        {html === null ? null : (
          <div>
            <h3 className="text-sm text-ink-muted">{t("html")}</h3>
            {/* Made by our own renderer from a checked text: it escapes words and values, and knows no script. */}
            <div className="grid gap-2 break-words [&_a]:underline" dangerouslySetInnerHTML={{ __html: html }} />
          </div>
        )}
      </CardBody>
    </Card>
  );
}
