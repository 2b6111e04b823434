import { createHash } from "node:crypto";
import { dataPolicy } from "@/lib/http/content-security-policy";
import english from "@/lib/i18n/messages/en/shell.json" with { type: "json" };
import portuguese from "@/lib/i18n/messages/pt-BR/shell.json" with { type: "json" };

const style = `:root{color-scheme:light dark;font-family:system-ui,sans-serif;line-height:1.5}
main{max-width:60ch;margin:15vh auto 0;padding:1.5rem}h1{font-size:1.25rem}code{font-size:.875rem}`;

const hash = createHash("sha256").update(style).digest("base64");

/** The policy of the page: its own style, and nothing else. */
export const unavailablePolicy = `${dataPolicy}; style-src 'sha256-${hash}'`;

const languages = [
  ["pt-BR", portuguese.unavailable],
  ["en", english.unavailable],
] as const;

/** The page that is shown while the database is away: in both languages, because what knows the reader's failed. */
export function unavailablePage(requestId: string): string {
  const sections = languages.map(
    ([language, { title, description, retry }]) =>
      `<section lang="${language}"><h1>${title}</h1><p>${description}</p><p><a href="">${retry}</a></p></section>`,
  );
  return `<!doctype html>
<html lang="pt-BR"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta http-equiv="refresh" content="10"><title>${portuguese.unavailable.title}</title><style>${style}</style></head>
<body><main>${sections.join("<hr>")}<p><code>${requestId}</code></p></main></body></html>
`;
}
