import type { BrowserContext } from "@playwright/test";
import { namespaces } from "@/lib/i18n/namespaces";

/** Problems that no page may have, as lines of text. Empty: none. */
export type Watch = { problems: string[] };

const serious = /Content[- ]Security[- ]Policy|hydrat|MISSING_MESSAGE|Minified React error|didn't match|Uncaught/i;

/**
 * Records on every page of a context: Content-Security-Policy violations, uncaught errors, React hydration errors, and
 * requests to any host but the portal.
 */
export function watchContext(context: BrowserContext, origin: string): Watch {
  const watch: Watch = { problems: [] };
  context.on("console", (message) => {
    if (["error", "warning"].includes(message.type()) && serious.test(message.text()))
      watch.problems.push(`console: ${message.text()}`);
  });
  context.on("weberror", (error) => watch.problems.push(`uncaught: ${error.error().message}`));
  context.on("request", (request) => {
    const url = new URL(request.url());
    if (/^(https?|wss?):$/.test(url.protocol) && url.origin !== origin) watch.problems.push(`request to ${url.origin}`);
  });
  return watch;
}

/** Text that shows a message key instead of the message. */
export const untranslated = new RegExp(`\\b(?:${namespaces.join("|")})\\.[a-z][A-Za-z]*(?:\\.[A-Za-z_]+)*\\b`);
