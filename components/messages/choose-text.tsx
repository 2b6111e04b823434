import { useTranslations } from "next-intl";
import { Button } from "@/components/ui/button";
import { Card, CardBody, CardHeader } from "@/components/ui/card";
import { Field } from "@/components/ui/field";
import { Select } from "@/components/ui/select";
import { TextLink } from "@/components/ui/text-link";
import { locales } from "@/lib/i18n/locales";
import type { TextKey } from "@/lib/notifications/templates/current-text";
import type { OwnText } from "@/lib/notifications/templates/list-message-texts";

export type ChooseTextProps = {
  chosen: TextKey;
  own: readonly OwnText[];
  templates: readonly TextKey["template"][];
  channels: readonly TextKey["channel"][];
};

/** Chooses template, channel and language; links to the texts that the company has changed. */
export function ChooseText({ chosen, own, templates, channels }: ChooseTextProps) {
  const t = useTranslations("messageTexts");
  const names = useTextNames();
  return (
    <Card aria-labelledby="choose">
      <CardHeader id="choose" title={t("choose.title")} description={t("choose.description")} />
      <CardBody className="grid gap-3">
        {/* The key resets the selects when another text is opened by a link. */}
        <form
          key={Object.values(chosen).join()}
          method="get"
          className="grid items-end gap-3 sm:grid-cols-[2fr_1fr_1fr_auto]"
        >
          <Field id="template" label={t("choose.template")}>
            <Select name="template" defaultValue={chosen.template}>
              {templates.map((name) => (
                <option key={name} value={name}>
                  {names.template(name)}
                </option>
              ))}
            </Select>
          </Field>
          <Field id="channel" label={t("choose.channel")}>
            <Select name="channel" defaultValue={chosen.channel}>
              {channels.map((name) => (
                <option key={name} value={name}>
                  {names.channel(name)}
                </option>
              ))}
            </Select>
          </Field>
          <Field id="locale" label={t("choose.locale")}>
            <Select name="locale" defaultValue={chosen.locale}>
              {locales.map((name) => (
                <option key={name} value={name}>
                  {names.locale(name)}
                </option>
              ))}
            </Select>
          </Field>
          <Button type="submit">{t("choose.show")}</Button>
        </form>
        <h3 className="font-semibold">{t("own.title")}</h3>
        {own.length === 0 ? <p className="text-ink-muted">{t("own.none")}</p> : null}
        <ul className="grid gap-1 empty:hidden">
          {own.map(({ version, ...key }) => (
            <li key={Object.values(key).join()}>
              <TextLink href={`/settings/messages?${new URLSearchParams(key)}`}>
                {t("own.item", {
                  template: names.template(key.template),
                  channel: names.channel(key.channel),
                  locale: names.locale(key.locale),
                  version,
                })}
              </TextLink>
            </li>
          ))}
        </ul>
      </CardBody>
    </Card>
  );
}

function useTextNames() {
  const [codes, languages] = [useTranslations("codes"), useTranslations("shell.languages")];
  return {
    template: (name: TextKey["template"]) => codes(`templates.${name}`),
    channel: (name: TextKey["channel"]) => codes(`channels.${name}`),
    locale: (name: TextKey["locale"]) => languages(name),
  };
}
