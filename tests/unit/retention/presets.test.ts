import { readFileSync } from "node:fs";
import { describe, expect, it, test } from "vitest";
import messages from "@/lib/i18n/messages/pt-BR/policies.json" with { type: "json" };
import { termsInput } from "@/lib/retention/policies/policy-input";
import type { Period } from "@/lib/retention/policies/policy-terms";
import { presetTerms, presetKeys, retentionPresets } from "@/lib/retention/policies/retention-presets";
import { everything } from "../../support/policies";

describe("presets", () => {
  it.each(presetKeys)("%s is a whole policy", (key) => {
    const terms = presetTerms(key, { isDefault: false, match: everything, reviewOn: "2030-01-01" });
    expect(termsInput.parse(terms)).toEqual(terms);
  });

  it("have unique keys, and texts for exactly these", () => {
    expect(new Set(presetKeys).size).toBe(presetKeys.length);
    expect(Object.keys(messages.presets.items).sort()).toEqual([...presetKeys].sort());
  });

  it("mark the telecommunications period as unconfirmed", () => {
    expect(retentionPresets.find(({ key }) => key === "telecom")).toMatchObject({ confidence: "low" });
    expect(messages.presets.items.telecom.name).toContain("a confirmar");
  });
});

test("the schedule in docs/retention.md equals the presets", () => {
  const said = ({ value, unit }: Period) => `${value} ${unit}${value === 1 ? "" : "s"}`;
  const from = { call: "call", contract_end: "end of contract", complaint: "complaint", resolution: "resolution" };
  const rows = retentionPresets.map(({ key, trigger, minimum, period, waiting, legalBasis, confidence }) => {
    const until = waiting ? `${said(period)} (${said(waiting)} from the call until reported)` : said(period);
    const { source } = messages.presets.items[key];
    const least = minimum ? said(minimum) : "–";
    return `| \`${key}\` | ${least} | ${until} | ${from[trigger]} | \`${legalBasis}\` | ${source} | ${confidence} |`;
  });
  const expected = [
    "| preset | minimum | deletion | counted from | basis | source | confidence |",
    "|---|---|---|---|---|---|---|",
    ...rows,
  ].join("\n");
  expect(
    readFileSync("docs/retention.md", "utf8"),
    `Replace the schedule in docs/retention.md with:\n\n${expected}\n`,
  ).toContain(expected);
});
