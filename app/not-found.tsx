import { NotFoundNotice } from "@/components/shell/not-found-notice";

/** Shown for unknown addresses outside the portal's layout. */
export default function NotFound() {
  return (
    <main>
      <NotFoundNotice />
    </main>
  );
}
