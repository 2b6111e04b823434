import type { Route } from "next";
import Link from "next/link";
import type { ReactNode } from "react";

/** The link in the primary cell of a row, for the keyboard and the middle mouse button. */
export function RowLink({ href, children }: { href: Route; children: ReactNode }) {
  return (
    <Link href={href} prefetch={false} className="font-medium text-accent hover:underline">
      {children}
    </Link>
  );
}
