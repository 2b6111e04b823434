import { useTranslations } from "next-intl";
import { PlaceOptions } from "@/components/retention/policies/match-fields";
import { usePolicyWords } from "@/components/retention/policies/use-policy-words";
import { Badge, type Tone } from "@/components/ui/badge";
import { Checkbox } from "@/components/ui/checkbox";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { Select } from "@/components/ui/select";
import type { RetentionScopes } from "@/lib/retention/policies/list-retention-scopes";
import type { retentionPresets } from "@/lib/retention/policies/retention-presets";

const tones: Record<(typeof retentionPresets)[number]["confidence"], Tone> = {
  high: "positive",
  medium: "neutral",
  low: "danger",
};

/** Shows one preset: its terms, its source and whether the source is confirmed, and what it should apply to. */
export function PresetRow({ preset, scopes }: { preset: (typeof retentionPresets)[number]; scopes: RetentionScopes }) {
  const t = useTranslations("policies");
  const { sentence } = usePolicyWords();
  const { key, confidence } = preset;
  const name = t(`presets.items.${key}.name`);
  return (
    <li className="grid items-start gap-3 px-4 py-3 lg:grid-cols-[minmax(0,1fr)_16rem_14rem]">
      <div className="grid gap-1">
        <div className="flex flex-wrap items-center gap-2">
          <Checkbox name={`use:${key}`} value="1" label={<span className="font-semibold">{name}</span>} />
          <Badge tone={tones[confidence]}>{t(`presets.confidence.${confidence}`)}</Badge>
        </div>
        <p>{sentence(preset)}</p>
        <p className="text-sm text-ink-muted">{t(`presets.items.${key}.description`)}</p>
        <p className="text-sm text-ink-muted">{t(`presets.items.${key}.source`)}</p>
      </div>
      <Field id={`scope:${key}`} label={t("form.scope")}>
        <Select name={`scope:${key}`} defaultValue="all">
          {scopes.hasDefault ? null : <option value="default">{t("form.scopeDefault")}</option>}
          <PlaceOptions scopes={scopes} />
        </Select>
      </Field>
      <Field id={`callKind:${key}`} label={t("form.callKind")}>
        <Input name={`callKind:${key}`} maxLength={64} autoComplete="off" />
      </Field>
    </li>
  );
}
