import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { processStates } from "@/lib/db/schema/subject-request-words";
import { rightCodes, rightOf } from "@/lib/subject-requests/rights";
import { mayTake, steps } from "@/lib/subject-requests/transitions";

const text = readFileSync("docs/subject-requests.md", "utf8");

function expectTable(head: string, rows: readonly string[]): void {
  const rule = head.replaceAll(/[^|]+/g, "---");
  const expected = [head, rule, ...rows].join("\n");
  expect(text, `Replace the table in docs/subject-requests.md with:\n\n${expected}\n`).toContain(`${expected}\n\n`);
}

test("the table of rights equals the code", () => {
  const rows = rightCodes.map((right) => {
    const { article, clock, level } = rightOf(right);
    const { days, smallAgentDays, kind } = clock;
    return `| \`${right}\` | ${article} | ${days} | ${smallAgentDays ?? days} | ${kind} | ${level} |`;
  });
  expectTable("| right | norm | days | small agent | deadline by | identity |", rows);
});

test("the table of states equals the code", () => {
  const stepsOf = (state: (typeof processStates)[number]) =>
    steps
      .filter((step) => mayTake(step, state))
      .map((step) => `\`${step}\``)
      .join(", ");
  const rows = processStates.map((state) => `| \`${state}\` | ${stepsOf(state)} |`);
  expectTable("| state | steps that may follow |", rows);
});
