import { existsSync, readFileSync } from "node:fs";

const LABELS = { admin: "administrator", dpo: "DPO (encarregado)", supervisor: "supervisor", auditor: "auditor" };

/** Returns the example accounts. The file has one JSON object on each line: `{ role, email, password }`. */
export function readSignIns(file) {
  if (!existsSync(file)) return [];
  return readFileSync(file, "utf8")
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line));
}

/** Prints the portal's address, that of the demo's mailbox and one account of each role. */
export function printSignIns({ url, mailbox, file, log }) {
  const roles = new Map();
  for (const account of readSignIns(file))
    if (account.role && !roles.has(account.role)) roles.set(account.role, account);
  const rows = [...roles.values()].map(({ role, email, password }) => [LABELS[role] ?? role, email, password]);
  const widths = [0, 1].map((column) => Math.max(0, ...rows.map((row) => String(row[column]).length)));
  const lines = rows.map(
    ([role, email, password]) => `  ${role.padEnd(widths[0])}   ${String(email).padEnd(widths[1])}   ${password ?? ""}`,
  );
  const ruler = "─".repeat(Math.max(40, ...lines.map((line) => line.length)));
  const about = log ? [`  Log: ${log}`] : [];
  console.log(
    [
      "",
      ruler,
      `  Custodia   ${url}`,
      "",
      ...lines,
      "",
      ...about,
      `  Messages to people (e-mail, SMS, calls) arrive at ${mailbox}`,
      "  Administrator and DPO also need a code at the sign-in: the same page shows the current ones.",
      "  Ctrl-C ends the portal; the data stays in .data/ for the next start.",
      ruler,
      "",
    ].join("\n"),
  );
}
