"use client";

import { Columns3 } from "lucide-react";
import { useTranslations } from "next-intl";
import { Button } from "@/components/ui/button";
import {
  DropdownMenu,
  DropdownMenuCheckboxItem,
  DropdownMenuContent,
  DropdownMenuItem,
  DropdownMenuLabel,
  DropdownMenuSeparator,
  DropdownMenuTrigger,
} from "@/components/ui/dropdown-menu";

export type ColumnMenuProps = {
  columns: readonly { id: string; label: string; visible: boolean }[];
  onToggle: (id: string, visible: boolean) => void;
  onReset: () => void;
};

/** Chooses which columns a table shows. */
export function ColumnMenu({ columns, onToggle, onReset }: ColumnMenuProps) {
  const t = useTranslations("common.table");
  return (
    <DropdownMenu>
      <DropdownMenuTrigger asChild>
        <Button size="small" aria-label={t("chooseColumns")}>
          <Columns3 aria-hidden />
          {t("columns")}
        </Button>
      </DropdownMenuTrigger>
      <DropdownMenuContent>
        <DropdownMenuLabel>{t("chooseColumns")}</DropdownMenuLabel>
        {/* Beside each other, so that the whole menu is seen without scrolling. */}
        <div className="columns-2 gap-0">
          {columns.map((column) => (
            <DropdownMenuCheckboxItem
              key={column.id}
              checked={column.visible}
              onCheckedChange={(checked) => onToggle(column.id, checked)}
            >
              {column.label}
            </DropdownMenuCheckboxItem>
          ))}
        </div>
        <DropdownMenuSeparator />
        <DropdownMenuItem onSelect={onReset}>{t("resetColumns")}</DropdownMenuItem>
      </DropdownMenuContent>
    </DropdownMenu>
  );
}
