"use client";

import { Check, Copy } from "lucide-react";
import { useTranslations } from "next-intl";
import { useEffect, useId, useRef, useState } from "react";
import { Button } from "@/components/ui/button";
import { FormMessage } from "@/components/ui/form-message";
import { Input } from "@/components/ui/input";
import { Label } from "@/components/ui/label";

export type OneTimeSecretProps = { label: string; warning: string; value: string };

/** Shows a password or key once. It is only in the memory of this component. */
export function OneTimeSecret({ label, warning, value }: OneTimeSecretProps) {
  const t = useTranslations("common.copy");
  const id = useId();
  const field = useRef<HTMLInputElement>(null);
  const [copied, setCopied] = useState<"idle" | "copied" | "manual">("idle");
  useEffect(() => field.current?.focus(), []);
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(value);
      setCopied("copied");
    } catch {
      // Without https there is no clipboard: selects the text, so that it can be copied by hand.
      field.current?.select();
      setCopied("manual");
    }
  };
  return (
    <div className="grid gap-3">
      <FormMessage tone="caution">{warning}</FormMessage>
      <div className="grid gap-1">
        <Label htmlFor={id}>{label}</Label>
        <div className="flex gap-2">
          <Input
            ref={field}
            id={id}
            readOnly
            value={value}
            autoComplete="off"
            spellCheck={false}
            data-1p-ignore
            className="font-mono text-sm"
            onFocus={(event) => event.currentTarget.select()}
          />
          <Button onClick={copy}>
            {copied === "copied" ? <Check aria-hidden /> : <Copy aria-hidden />}
            {copied === "copied" ? t("copied") : t("button")}
          </Button>
        </div>
        <p role="status" className="text-sm text-ink-muted empty:hidden">
          {copied === "manual" ? t("manual") : null}
        </p>
      </div>
    </div>
  );
}
