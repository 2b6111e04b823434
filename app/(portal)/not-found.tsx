import { NotFoundNotice } from "@/components/shell/not-found-notice";

/** Within the portal's frame, which has its landmark already. */
export default function NotFound() {
  return <NotFoundNotice />;
}
