import { useTranslations } from "next-intl";
import { EditUnit } from "@/components/access/units/edit-unit";
import type { FormAction } from "@/components/forms/use-action-form";
import { useTimeZoneName } from "@/components/ui/use-time-zone-name";
import { Table, TableBody, TableCell, TableHead, TableHeader, TableRegion, TableRow } from "@/components/ui/table";
import type { UnitRow } from "@/lib/access/units/list-units";

export type UnitsTableProps = {
  units: readonly UnitRow[];
  /** Time zones to choose from. */
  timeZones: readonly string[];
  /** Undefined for readers who may not change units. */
  updateAction?: FormAction<{ unitId: string }>;
};

/** Lists units by name. */
export function UnitsTable({ units, timeZones, updateAction }: UnitsTableProps) {
  const t = useTranslations("settings.units");
  const zoneName = useTimeZoneName();
  return (
    <TableRegion label={t("title")}>
      <Table>
        <TableHead>
          <tr>
            <TableHeader>{t("name")}</TableHeader>
            <TableHeader>{t("code")}</TableHeader>
            <TableHeader>{t("timeZone")}</TableHeader>
            {updateAction ? <td /> : null}
          </tr>
        </TableHead>
        <TableBody>
          {units.map((unit) => (
            <TableRow key={unit.id}>
              <TableCell className="font-medium">{unit.name}</TableCell>
              <TableCell className="font-mono text-sm">{unit.code}</TableCell>
              <TableCell>{zoneName(unit.timeZone)}</TableCell>
              {updateAction ? (
                <TableCell className="text-right">
                  <EditUnit unit={unit} timeZones={timeZones} action={updateAction} />
                </TableCell>
              ) : null}
            </TableRow>
          ))}
        </TableBody>
      </Table>
    </TableRegion>
  );
}
