import { lexer, walkTokens, type Token } from "marked";
import type { FieldProblem } from "@/lib/core/errors";
import { variablesIn } from "@/lib/notifications/templates/fill-text";
import {
  messageTemplates,
  variablesOf,
  type MessageChannel,
  type MessageTemplate,
} from "@/lib/notifications/templates/message-templates";
import type { TemplateText } from "@/lib/notifications/templates/standard-texts";

/** Longest texts by channel, in characters. */
export const longestText: Record<MessageChannel, number> = { email: 10_000, sms: 480, voice: 1_000 };

const longestSubject = 200;

/**
 * What is wrong with a text of a template, empty if nothing is: `unknown_variable`, `missing_variable` (the code, the
 * protocol), `has_picture`, `has_link` (one with a variable or outside https), `has_html`, `too_long`, `empty`,
 * `control_character`, `not_used` (a subject outside e-mail).
 */
export function checkText(template: MessageTemplate, channel: MessageChannel, text: TemplateText): FieldProblem[] {
  const { subject, body } = text;
  const known = variablesOf(template);
  const isUnknown = (name: string) => !known.has(name);
  const found: [boolean, string, string][] = [
    [body.trim() === "", "body", "empty"],
    [body.length > longestText[channel], "body", "too_long"],
    [variablesIn(body).some(isUnknown) || hasLooseBrace(body), "body", "unknown_variable"],
    [!variablesIn(body).includes(messageTemplates[template].required), "body", "missing_variable"],
    [/\p{Cc}/u.test(body.replaceAll(/\r?\n/g, "")), "body", "control_character"],
    [variablesIn(subject).some(isUnknown) || hasLooseBrace(subject), "subject", "unknown_variable"],
    [/\p{Cc}/u.test(subject), "subject", "control_character"],
    [subject.length > longestSubject, "subject", "too_long"],
    [channel === "email" && subject.trim() === "", "subject", "empty"],
    [channel !== "email" && subject !== "", "subject", "not_used"],
    [channel === "email" && variablesIn(subject).some((name) => name === secretOf(template)), "subject", "has_code"],
    ...(channel === "email" ? markdownProblems(body) : []),
  ];
  return found.filter(([isWrong]) => isWrong).map(([, path, reason]) => ({ path, reason }));
}

const hasLooseBrace = (text: string) => /[{}]/.test(text.replace(/\{[^{}]*\}/g, ""));

/** A code is not for the subject, which telephones show while they are locked. */
const secretOf = (template: MessageTemplate) =>
  messageTemplates[template].isSecret ? messageTemplates[template].required : null;

function markdownProblems(body: string): [boolean, string, string][] {
  const tokens: Token[] = [];
  void walkTokens(lexer(body), (token) => void tokens.push(token));
  const links = tokens.filter(({ type }) => type === "link").map((token) => (token as { href: string }).href);
  return [
    [tokens.some(({ type }) => type === "image"), "body", "has_picture"],
    [tokens.some(({ type }) => type === "html"), "body", "has_html"],
    [links.some((href) => !/^(https:\/\/[^?#{}]*|mailto:[^?{}]*)$/.test(href)), "body", "has_link"],
  ];
}
