import type { Messages, Namespace } from "@/lib/i18n/namespaces";

/** A namespace, or a part of one: "audit.integrity". */
export type MessagePath = Namespace | `${Namespace}.${string}`;

/** The messages that the portal's frame and any page use in the browser. */
export const commonMessages = ["common", "errors", "problems", "retention.alarm", "shell"] as const;

/** The messages that the pages without a sign-in use in the browser. */
export const publicMessages = [
  ...(["common", "errors", "problems", "shell", "signIn", "titular"] as const),
  ...(["subjectRequests.explanations", "subjectRequests.rights"] as const),
] as const;

/**
 * The other messages that the pages of each section of the portal use in the browser. What a page uses on the server
 * alone is not sent: all messages would be most of a page's bytes.
 */
export const sectionMessages = {
  "audit-log": ["audit.findings", "audit.integrity", "audit.seal", "audit.search"],
  compliance: ["accessReviews", "alerts", "compliance", "incidents", "reports"],
  "privacy-requests": [
    ...(["player", "policies.bases", "recordings.states", "settings.timeZones", "subjectAudio"] as const),
    "subjectRequests",
  ],
  recordings: ["deletionOrders.grounds", "holds.list", "player", "policies.report", "recordings"],
  retention: ["approvals", "deletionOrders", "holds", "policies", "recordings", "storeScan", "subjectRequests"],
  settings: ["controller", "jobs.retry", "messageTexts", "settings", "storageCheck", "users", "webhooks"],
  users: ["users"],
} as const satisfies Record<string, readonly MessagePath[]>;

export type Section = keyof typeof sectionMessages;

type Tree = { [name: string]: Tree | string };

/** The named parts of the messages, in their places. */
export function partsOf(messages: Messages, paths: readonly MessagePath[]): Partial<Messages> {
  const parts: Tree = {};
  for (const path of paths) {
    const names = path.split(".");
    const last = names.pop()!;
    let [from, to]: [Tree, Tree] = [messages as unknown as Tree, parts];
    for (const name of names) [from, to] = [from[name] as Tree, (to[name] ??= {}) as Tree];
    to[last] = from[last]!;
  }
  return parts as Partial<Messages>;
}
