import { NotFoundNotice } from "@/components/shell/not-found-notice";

/** For an address that leads nowhere. */
export default function NotFound() {
  return (
    <main>
      <NotFoundNotice />
    </main>
  );
}
