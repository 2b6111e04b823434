import { useTranslations } from "next-intl";
import { ControllerVersionItem } from "@/components/access/controller/controller-version";
import { Button } from "@/components/ui/button";
import { Card, CardBody, CardHeader } from "@/components/ui/card";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { Pagination } from "@/components/ui/pagination";
import { TextLink } from "@/components/ui/text-link";
import type { ControllerVersion } from "@/lib/access/controller/list-controller-versions";

export type ControllerHistoryProps = {
  versions: readonly ControllerVersion[];
  /** The day to which the list is limited. */
  on?: string;
  olderHref?: string;
};

/** Lists the versions of the settings, newest first, or those in force on a day. */
export function ControllerHistory({ versions, on, olderHref }: ControllerHistoryProps) {
  const t = useTranslations("controller.history");
  return (
    <Card aria-labelledby="versions">
      <CardHeader id="versions" title={t("title")} description={t("description")} />
      <CardBody className="grid gap-3">
        <form method="get" className="flex flex-wrap items-end gap-3">
          <Field id="on" label={t("on")}>
            <Input name="on" type="date" defaultValue={on} className="w-44" />
          </Field>
          <Button type="submit">{t("find")}</Button>
          {on ? <TextLink href="/settings/controller">{t("all")}</TextLink> : null}
        </form>
        {versions.length === 0 ? <p className="text-ink-muted">{t("empty")}</p> : null}
      </CardBody>
      <ol className="divide-y divide-line border-t border-line empty:hidden">
        {versions.map((version) => (
          <ControllerVersionItem key={version.version} version={version} />
        ))}
      </ol>
      {olderHref ? (
        <CardBody>
          <Pagination olderHref={olderHref} />
        </CardBody>
      ) : null}
    </Card>
  );
}
