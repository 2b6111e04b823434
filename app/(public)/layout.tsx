import { NextIntlClientProvider } from "next-intl";
import { getMessages } from "next-intl/server";
import type { ReactNode } from "react";
import { partsOf, publicMessages } from "@/lib/i18n/client-messages";
import type { Messages } from "@/lib/i18n/namespaces";

/** The pages without a sign-in, with the messages that they use in the browser. */
export default async function PublicLayout({ children }: { children: ReactNode }) {
  const messages = (await getMessages()) as unknown as Messages;
  return <NextIntlClientProvider messages={partsOf(messages, publicMessages)}>{children}</NextIntlClientProvider>;
}
