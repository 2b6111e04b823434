import { expect } from "@playwright/test";

/**
 * The newest one-time code by SMS to a mobile number, as it reached the gateway of the portal under test.
 * @param number "(11) 96000-0001".
 * @param before the code of an earlier message, which is waited past.
 */
export async function codeBySms(number: string, before?: string): Promise<string> {
  const e164 = `+55${number.replaceAll(/\D/g, "")}`;
  const newest = async () => {
    const page = await (await fetch(process.env.MAILBOX_URL!)).text();
    const own = page.split("<article>").filter((message) => message.includes(e164));
    return own.map((message) => /<p>(\d{6}) /.exec(message)?.[1]).find(Boolean) ?? before;
  };
  await expect.poll(newest, { timeout: 60_000 }).not.toBe(before);
  return (await newest())!;
}

/**
 * The newest link for a password by e-mail to an address, as it reached the mail server of the portal under test.
 * @param before the link of an earlier message, which is waited past.
 */
export async function linkByMail(email: string, before?: string): Promise<string> {
  const newest = async () => {
    const page = await (await fetch(process.env.MAILBOX_URL!)).text();
    const own = page.split("<article>").filter((message) => message.includes(email));
    return own.map((message) => /https?:[^\s"<]*\/set-password#[\w-]{43}/.exec(message)?.[0]).find(Boolean) ?? before;
  };
  await expect.poll(newest, { timeout: 60_000 }).not.toBe(before);
  return (await newest())!;
}
