import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { controlGroups, controls } from "@/lib/compliance/controls";
import { locales } from "@/lib/i18n/locales";
import { loadMessages } from "@/lib/i18n/namespaces";

const files = { "pt-BR": "docs/compliance.pt-BR.md", en: "docs/compliance.md" };

describe.each(locales)("the list of controls in %s", (locale) => {
  it("equals the controls", async () => {
    const { compliance } = await loadMessages(locale);
    const rows = Object.entries(controlGroups).flatMap(([group, members]) => [
      "",
      `### ${compliance.groups[group as keyof typeof controlGroups]}`,
      "",
      `| ${compliance.columns.control} | ${compliance.control.articles} |`,
      "|---|---|",
      ...Object.keys(members).map((name) => {
        const control = name as keyof typeof controls;
        return `| ${compliance.controls[control]} | ${controls[control].articles.join("; ")} |`;
      }),
    ]);
    const table = `${rows.join("\n").trim()}\n`;
    expect(readFileSync(files[locale], "utf8"), `Put this at the end of ${files[locale]}:\n\n${table}`).toContain(
      table,
    );
  });
});
