"use client";

import english from "@/lib/i18n/messages/en/shell.json";
import portuguese from "@/lib/i18n/messages/pt-BR/shell.json";
import "./globals.css";

const languages = [
  ["pt-BR", portuguese.failure],
  ["en", english.failure],
] as const;

/** Shown when the root layout fails. The reader's language is unknown then, so it uses both. */
export default function GlobalError({ error }: { error: Error & { digest?: string } }) {
  return (
    <html lang="pt-BR">
      <body>
        <main className="mx-auto grid min-h-dvh max-w-prose place-content-center gap-6 p-6">
          {languages.map(([lang, messages]) => (
            <section key={lang} lang={lang}>
              <h1 className="text-lg font-semibold">{messages.title}</h1>
              <p className="text-ink-muted">{messages.description}</p>
              {/* oxlint-disable-next-line nextjs/no-html-link-for-pages -- the router went down with the frame */}
              <a href="/" className="text-accent underline underline-offset-3">
                {messages.home}
              </a>
            </section>
          ))}
          {error.digest ? <code className="font-mono text-sm text-ink-muted">{error.digest}</code> : null}
        </main>
      </body>
    </html>
  );
}
