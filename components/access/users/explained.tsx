import type { ReactNode } from "react";

/** What an act is for, beside its button. */
export function Explained({ text, children }: { text: ReactNode; children: ReactNode }) {
  return (
    <div className="flex flex-wrap items-center justify-between gap-3">
      <p className="min-w-0 flex-1 basis-56 text-ink-muted">{text}</p>
      {children}
    </div>
  );
}
