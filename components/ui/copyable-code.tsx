"use client";

import { Check, Copy } from "lucide-react";
import { useTranslations } from "next-intl";
import { useEffect, useState } from "react";
import { cn } from "@/components/ui/cn";

export type CopyableCodeProps = { value: string; head?: number; tail?: number; className?: string };

function shorten(value: string, head: number, tail: number): string {
  return value.length <= head + tail + 1 ? value : `${value.slice(0, head)}…${value.slice(-tail)}`;
}

/** An id or hash, shortened in the middle, with its full value as title and a button that copies it. */
export function CopyableCode({ value, head = 8, tail = 6, className }: CopyableCodeProps) {
  const t = useTranslations("common");
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), 2000);
    return () => clearTimeout(timer);
  }, [copied]);
  const copy = async () => {
    await navigator.clipboard.writeText(value);
    setCopied(true);
  };
  return (
    <span className={cn("inline-flex max-w-full items-center gap-1 align-bottom", className)}>
      <code title={value} className="truncate font-mono text-sm">
        {shorten(value, head, tail)}
      </code>
      <button
        type="button"
        onClick={copy}
        aria-label={t("copyValue", { value: shorten(value, head, tail) })}
        title={t("actions.copy")}
        className="grid size-6 shrink-0 place-items-center rounded-sm text-ink-muted hover:bg-sunken hover:text-ink"
      >
        {copied ? <Check aria-hidden className="size-3.5 text-positive" /> : <Copy aria-hidden className="size-3.5" />}
      </button>
      <span role="status" className="sr-only">
        {copied ? t("actions.copied") : null}
      </span>
    </span>
  );
}
