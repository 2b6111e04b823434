import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { processStates } from "@/lib/db/schema/subject-request-words";
import { loadMessages } from "@/lib/i18n/namespaces";
import { rightCodes, rightOf } from "@/lib/subject-requests/rights";
import { mayTake, steps } from "@/lib/subject-requests/transitions";

const page = "docs/subject-requests.md";
const portuguese = "docs/subject-requests.pt-BR.md";

function expectTable(page: string, head: string, rows: readonly string[]): void {
  const text = readFileSync(page, "utf8");
  const rule = head.replaceAll(/[^|]+/g, "---");
  const expected = [head, rule, ...rows].join("\n");
  expect(text, `Replace the table in ${page} with:\n\n${expected}\n`).toContain(`${expected}\n\n`);
}

test("the table of rights equals the code", () => {
  const rows = rightCodes.map((right) => {
    const { article, clock, level } = rightOf(right);
    const { days, smallAgentDays, kind } = clock;
    return `| \`${right}\` | ${article} | ${days} | ${smallAgentDays ?? days} | ${kind} | ${level} |`;
  });
  expectTable(page, "| right | norm | days | small agent | deadline by | identity |", rows);
});

test("the Portuguese table of rights equals the code, in the words of the portal", async () => {
  const { subjectRequests: words } = await loadMessages("pt-BR");
  const rows = rightCodes.map((right) => {
    const { article, clock, level } = rightOf(right);
    const { days, smallAgentDays, kind } = clock;
    const origin = kind === "law" ? "lei" : "praxe";
    return `| ${words.rights[right]} | ${article} | ${days} | ${smallAgentDays ?? days} | ${origin} | ${level} |`;
  });
  const head = "| direito | norma | dias | pequeno porte | origem do prazo | identidade |";
  expectTable(portuguese, head, rows);
});

test("the table of states equals the code", () => {
  const stepsOf = (state: (typeof processStates)[number]) =>
    steps
      .filter((step) => mayTake(step, state))
      .map((step) => `\`${step}\``)
      .join(", ");
  const rows = processStates.map((state) => `| \`${state}\` | ${stepsOf(state)} |`);
  expectTable(page, "| state | steps that may follow |", rows);
});
