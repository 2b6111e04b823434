import { Marked } from "marked";
import { env } from "@/lib/core/env";
import type { Locale } from "@/lib/i18n/locales";
import { fillText } from "@/lib/notifications/templates/fill-text";
import {
  variablesOf,
  type MessageChannel,
  type MessageTemplate,
  type VariableKind,
} from "@/lib/notifications/templates/message-templates";
import type { TemplateText } from "@/lib/notifications/templates/standard-texts";

/** What is sent. `subject` and `html` are null outside e-mail. */
export type RenderedMessage = { subject: string | null; text: string; html: string | null };

type Values = ReadonlyMap<string, { value: string; kind: VariableKind }>;

const same = (text: string) => text;

/** Renders a text of a template with the values of one message. Values are never read as Markdown or HTML. */
export function renderMessage(
  { template, channel, locale }: { template: MessageTemplate; channel: MessageChannel; locale: Locale },
  text: TemplateText,
  data: Readonly<Record<string, string>>,
): RenderedMessage {
  const values = valuesOf(template, data);
  const show = channel === "voice" ? readOut : same;
  const body = fillText(text.body, values, { words: same, show });
  if (channel !== "email") return { subject: null, text: body, html: null };
  const subject = fillText(text.subject, values, { words: same, show: same });
  return { subject, text: `${body}\n`, html: htmlPage(locale, subject, htmlOf(text.body, values)) };
}

/** The HTML of an e-mail's text alone, for a page that shows it. */
export const renderMessageBody = (
  { template }: { template: MessageTemplate },
  body: string,
  data: Readonly<Record<string, string>>,
): string => htmlOf(body, valuesOf(template, data));

function valuesOf(template: MessageTemplate, data: Readonly<Record<string, string>>): Values {
  const valueOf = (name: string) => (name === "controller" ? env().CONTROLLER_NAME : (data[name] ?? ""));
  return new Map([...variablesOf(template)].map(([name, kind]) => [name, { kind, value: valueOf(name) }]));
}

/** Codes digit by digit: "4, 0, 7". */
const readOut = (value: string, kind: VariableKind) => (kind === "code" ? [...value].join(", ") : value);

const escapes: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };
const escapeHtml = (text: string) => text.replace(/[&<>"']/g, (character) => escapes[character]!);

const showHtml = (value: string, kind: VariableKind) =>
  kind === "address" || kind === "link" ? `<a href="${escapeHtml(value)}">${escapeHtml(value)}</a>` : escapeHtml(value);

/** HTML of a Markdown text. HTML in the text is shown, not used; pictures are their description. */
function htmlOf(markdown: string, values: Values): string {
  const fill = (text: string) => fillText(text, values, { words: escapeHtml, show: showHtml });
  const marked = new Marked({
    breaks: true,
    renderer: {
      text(token) {
        return "tokens" in token && token.tokens ? this.parser.parseInline(token.tokens) : fill(token.text);
      },
      html: ({ text }) => fill(text),
      codespan: ({ text }) => fill(text),
      code: ({ text }) => `<p>${fill(text)}</p>\n`,
      image: ({ text }) => fill(text),
      link({ href, tokens }) {
        return `<a href="${escapeHtml(href)}">${this.parser.parseInline(tokens)}</a>`;
      },
    },
  });
  return marked.parse(markdown, { async: false });
}

const htmlPage = (locale: Locale, title: string, body: string) =>
  `<!doctype html>\n<html lang="${locale}"><head><meta charset="utf-8"><title>${escapeHtml(title)}</title></head>` +
  `<body style="font-family:sans-serif;font-size:16px;line-height:1.5">\n${body}</body></html>\n`;
