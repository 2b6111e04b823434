import { useTranslations } from "next-intl";
import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";

/** Finds one request by its protocol number, whatever its state. The number has no personal data. */
export function ProtocolSearch({ protocol, isInvalid }: { protocol?: string; isInvalid: boolean }) {
  const t = useTranslations();
  return (
    <form action="/privacy-requests" role="search" className="flex max-w-md items-start gap-2">
      <Field
        id="protocol"
        label={t("subjectRequests.columns.protocol")}
        error={isInvalid ? t("problems.not_a_protocol") : undefined}
        className="flex-1"
      >
        <Input
          key={protocol}
          name="protocol"
          type="search"
          required
          maxLength={64}
          inputMode="numeric"
          autoComplete="off"
          defaultValue={protocol}
        />
      </Field>
      <Button type="submit" className="mt-5.5">
        {t("common.actions.search")}
      </Button>
    </form>
  );
}
