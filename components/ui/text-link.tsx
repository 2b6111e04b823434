import type { Route } from "next";
import Link from "next/link";
import type { ReactNode } from "react";

/** A link within a sentence. */
export function TextLink({ href, children }: { href: string; children: ReactNode }) {
  return (
    <Link href={href as Route} prefetch={false} className="text-accent underline underline-offset-2">
      {children}
    </Link>
  );
}
