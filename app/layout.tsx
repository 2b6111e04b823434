import type { Metadata, Viewport } from "next";
import { NextIntlClientProvider } from "next-intl";
import { getLocale, getMessages, getTranslations } from "next-intl/server";
import localFont from "next/font/local";
import type { ReactNode } from "react";
import { readPreferences } from "@/components/shell/read-preferences";
import { StyleNonce } from "@/components/shell/style-nonce";
import { pick } from "@/lib/core/pick";
import "./globals.css";

const sans = localFont({
  src: "../node_modules/@fontsource-variable/ibm-plex-sans/files/ibm-plex-sans-latin-wght-normal.woff2",
  weight: "100 700",
  variable: "--font-sans",
});

const mono = localFont({
  src: "../node_modules/@fontsource/ibm-plex-mono/files/ibm-plex-mono-latin-400-normal.woff2",
  weight: "400",
  variable: "--font-mono",
  preload: false,
});

export const viewport: Viewport = {
  width: "device-width",
  initialScale: 1,
  themeColor: [
    { media: "(prefers-color-scheme: light)", color: "#f6f7f7" },
    { media: "(prefers-color-scheme: dark)", color: "#0f1517" },
  ],
};

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("shell");
  return {
    title: { default: t("productName"), template: `%s · ${t("productName")}` },
    description: t("tagline"),
    icons: { icon: [{ url: "/mark.svg", type: "image/svg+xml" }] },
    robots: { index: false, follow: false },
  };
}

/**
 * The root layout: sets language, theme and fonts before the first content. Its messages are those of error pages: each
 * group of pages gives its own, so that a public page on a telephone does not carry the portal's.
 */
export default async function RootLayout({ children }: { children: ReactNode }) {
  const [locale, { theme }, messages] = await Promise.all([getLocale(), readPreferences(), getMessages()]);
  const themeClass = theme === "system" ? "" : theme;
  return (
    <html lang={locale} className={`${sans.variable} ${mono.variable} ${themeClass}`}>
      <body>
        <StyleNonce />
        <NextIntlClientProvider messages={pick(messages, "common", "shell")}>{children}</NextIntlClientProvider>
      </body>
    </html>
  );
}
