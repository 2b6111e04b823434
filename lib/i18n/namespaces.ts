import type { Locale } from "@/lib/i18n/locales";

/**
 * All namespaces, with the types of their messages. A new file `messages/<locale>/<namespace>.json` is added twice
 * here.
 */
export interface Messages {
  accessReviews: typeof import("./messages/pt-BR/accessReviews.json");
  alerts: typeof import("./messages/pt-BR/alerts.json");
  approvals: typeof import("./messages/pt-BR/approvals.json");
  audit: typeof import("./messages/pt-BR/audit.json");
  deletionOrders: typeof import("./messages/pt-BR/deletionOrders.json");
  compliance: typeof import("./messages/pt-BR/compliance.json");
  codes: typeof import("./messages/pt-BR/codes.json");
  controller: typeof import("./messages/pt-BR/controller.json");
  common: typeof import("./messages/pt-BR/common.json");
  storeScan: typeof import("./messages/pt-BR/storeScan.json");
  dueCalendar: typeof import("./messages/pt-BR/dueCalendar.json");
  holds: typeof import("./messages/pt-BR/holds.json");
  incidents: typeof import("./messages/pt-BR/incidents.json");
  jobs: typeof import("./messages/pt-BR/jobs.json");
  letters: typeof import("./messages/pt-BR/letters.json");
  messageTexts: typeof import("./messages/pt-BR/messageTexts.json");
  errors: typeof import("./messages/pt-BR/errors.json");
  policies: typeof import("./messages/pt-BR/policies.json");
  player: typeof import("./messages/pt-BR/player.json");
  problems: typeof import("./messages/pt-BR/problems.json");
  reports: typeof import("./messages/pt-BR/reports.json");
  receipts: typeof import("./messages/pt-BR/receipts.json");
  recordings: typeof import("./messages/pt-BR/recordings.json");
  retention: typeof import("./messages/pt-BR/retention.json");
  runReport: typeof import("./messages/pt-BR/runReport.json");
  signIn: typeof import("./messages/pt-BR/signIn.json");
  settings: typeof import("./messages/pt-BR/settings.json");
  shell: typeof import("./messages/pt-BR/shell.json");
  storageCheck: typeof import("./messages/pt-BR/storageCheck.json");
  subjectAudio: typeof import("./messages/pt-BR/subjectAudio.json");
  subjectRequests: typeof import("./messages/pt-BR/subjectRequests.json");
  titular: typeof import("./messages/pt-BR/titular.json");
  users: typeof import("./messages/pt-BR/users.json");
  webhooks: typeof import("./messages/pt-BR/webhooks.json");
}

export type Namespace = keyof Messages;

const listed: Record<Namespace, true> = {
  accessReviews: true,
  alerts: true,
  approvals: true,
  audit: true,
  deletionOrders: true,
  compliance: true,
  codes: true,
  controller: true,
  common: true,
  storeScan: true,
  dueCalendar: true,
  holds: true,
  incidents: true,
  jobs: true,
  letters: true,
  messageTexts: true,
  errors: true,
  policies: true,
  player: true,
  problems: true,
  reports: true,
  receipts: true,
  recordings: true,
  retention: true,
  runReport: true,
  signIn: true,
  settings: true,
  shell: true,
  storageCheck: true,
  subjectAudio: true,
  subjectRequests: true,
  titular: true,
  users: true,
  webhooks: true,
};

export const namespaces = Object.keys(listed) as Namespace[];

/** Loads all namespaces of one language. */
export async function loadMessages(locale: Locale): Promise<Messages> {
  const loaded = await Promise.all(
    namespaces.map(async (namespace) => {
      const file = (await import(`./messages/${locale}/${namespace}.json`)) as { default: Messages[Namespace] };
      return [namespace, file.default] as const;
    }),
  );
  return Object.fromEntries(loaded) as unknown as Messages;
}
