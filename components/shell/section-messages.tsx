import { NextIntlClientProvider } from "next-intl";
import { getMessages } from "next-intl/server";
import type { ReactNode } from "react";
import { commonMessages, partsOf, sectionMessages, type Section } from "@/lib/i18n/client-messages";
import type { Messages } from "@/lib/i18n/namespaces";

/** Gives the pages of a section the messages that they use in the browser; without one, those of the portal's frame. */
export async function SectionMessages({ section, children }: { section?: Section; children: ReactNode }) {
  const messages = (await getMessages()) as unknown as Messages;
  const paths = [...commonMessages, ...(section ? sectionMessages[section] : [])];
  return <NextIntlClientProvider messages={partsOf(messages, paths)}>{children}</NextIntlClientProvider>;
}
