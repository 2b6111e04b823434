import { controlGroups } from "@/lib/compliance/controls";
import { controlRows, lastCheck } from "@/lib/compliance/control-rows";
import { type FactSection } from "@/lib/compliance/facts/fact-section";
import { env } from "@/lib/core/env";
import type { ReadDatabase } from "@/lib/db/client";
import { formatDateTime } from "@/lib/i18n/format";
import { loadMessages } from "@/lib/i18n/namespaces";

type Group = keyof typeof controlGroups;

/** The controls of some groups as the last check found them. */
export async function measuresSection(db: ReadDatabase, groups: readonly Group[]): Promise<FactSection> {
  const [check, { compliance }] = [await lastCheck(db), await loadMessages("pt-BR")];
  const rows = await controlRows(db, check?.id ?? null);
  const when = check ? formatDateTime(check.checkedAt, env().CONTROLLER_TIME_ZONE) : "ainda não houve";
  return {
    ...{ key: "measures", title: "Medidas verificadas pelos controles", source: `Controles; verificação: ${when}` },
    rows: groups.map((group) => ({
      title: compliance.groups[group],
      facts: rows
        .filter(({ control }) => control in controlGroups[group])
        .map(({ control, state }) => [compliance.controls[control], compliance.states[state]]),
    })),
  };
}
