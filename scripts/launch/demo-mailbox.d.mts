/** Starts a mail server, a gateway for SMS and calls, and a page that shows what they got. */
export function startDemoMailbox(
  caFile: string,
  signInsFile?: string,
): Promise<{
  url: string;
  settings: Record<string, string>;
  stop: () => Promise<void>;
}>;
