"use client";

import { SlidersHorizontal } from "lucide-react";
import type { Route } from "next";
import { useTranslations } from "next-intl";
import Form from "next/form";
import { useEffect, useRef, type ReactNode } from "react";
import { Button } from "@/components/ui/button";
import { cn } from "@/components/ui/cn";

export type FilterBarProps = {
  /** The path of the list, e.g. "/recordings". */
  action: string;
  /** Parameters to keep that are not filters, e.g. the order. */
  keep?: Record<string, string | undefined>;
  /** Less common filters, collapsed. */
  more?: ReactNode;
  moreLabel?: ReactNode;
  moreOpen?: boolean;
  children: ReactNode;
  className?: string;
};

/** A GET form whose state is the URL. Works without JavaScript; with it, empty fields are left out of the URL. */
export function FilterBar({ action, keep = {}, more, moreLabel, moreOpen, children, className }: FilterBarProps) {
  const t = useTranslations("common.filters");
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => {
    const element = form.current;
    const dropEmpty = ({ formData }: FormDataEvent) => {
      for (const [name, value] of [...formData]) if (value === "") formData.delete(name);
    };
    element?.addEventListener("formdata", dropEmpty);
    return () => element?.removeEventListener("formdata", dropEmpty);
  }, []);
  const fields = "grid grid-cols-2 gap-3 md:grid-cols-3 lg:grid-cols-4 xl:grid-cols-6";
  return (
    <Form
      ref={form}
      action={action as Route}
      role="search"
      aria-label={t("title")}
      className={cn("grid gap-3", className)}
    >
      {Object.entries(keep).map(([name, value]) =>
        value ? <input key={name} type="hidden" name={name} value={value} /> : null,
      )}
      <div className={fields}>
        {children}
        <div className="flex items-end max-md:col-span-full">
          <Button type="submit" variant="primary" className="max-md:w-full">
            {t("apply")}
          </Button>
        </div>
      </div>
      {more ? (
        <details open={moreOpen} className="group">
          <summary className="inline-flex w-fit items-center gap-1.5 rounded-sm text-sm font-medium text-accent">
            <SlidersHorizontal aria-hidden className="size-3.5" />
            {moreLabel ?? t("title")}
          </summary>
          <div className={cn(fields, "pt-3")}>{more}</div>
        </details>
      ) : null}
    </Form>
  );
}
