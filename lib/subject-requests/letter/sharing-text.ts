import type { LetterWords } from "@/lib/subject-requests/letter/letter-words";
import type { KnownShares } from "@/lib/subject-requests/sharers/known-shares";

/** To whom recordings went, in sentences for the person. Nobody of the company's own people is named. */
export function sharingText({ recipients, downloads }: KnownShares, { say, purposeName }: LetterWords): string {
  const outside =
    recipients.length === 0
      ? say("sharing.none")
      : say("sharing.recipients", { names: recipients.join("; "), count: recipients.length });
  if (downloads.length === 0) return outside;
  const listed = downloads.map(({ purpose, count }) =>
    say("sharing.download", { purpose: purposeName(purpose), count }),
  );
  return `${outside} ${say("sharing.downloads", { list: listed.join("; ") })}`;
}
