import { NextIntlClientProvider } from "next-intl";
import { getMessages } from "next-intl/server";
import type { ReactNode } from "react";
import { pick } from "@/lib/core/pick";

/** The pages without a sign-in, with the messages that they use in the browser. */
export default async function PublicLayout({ children }: { children: ReactNode }) {
  const messages = await getMessages();
  const own = pick(messages, "common", "errors", "problems", "shell", "signIn", "subjectRequests", "titular");
  return <NextIntlClientProvider messages={own}>{children}</NextIntlClientProvider>;
}
