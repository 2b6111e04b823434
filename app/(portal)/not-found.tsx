import { NotFoundNotice } from "@/components/shell/not-found-notice";

/** Without a `main` element: the portal's layout has it. */
export default function NotFound() {
  return <NotFoundNotice />;
}
