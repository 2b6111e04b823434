import type { ReactNode } from "react";
import { Card, CardBody, CardHeader } from "@/components/ui/card";

/** By what a person reaches an own request. */
export type Access = { protocol: string; followUpCode: string };

/** Protocol and code in a form of the page that the person opened with them. */
export function HiddenAccess({ access: { protocol, followUpCode } }: { access: Access }) {
  return (
    <>
      <input type="hidden" name="protocol" value={protocol} readOnly />
      <input type="hidden" name="followUpCode" value={followUpCode} readOnly />
    </>
  );
}

/** One step of following a request, as a region of its own. */
export function Step({ id, title, children }: { id: string; title: ReactNode; children: ReactNode }) {
  return (
    <Card aria-labelledby={id}>
      <CardHeader id={id} title={title} />
      <CardBody className="grid gap-4">{children}</CardBody>
    </Card>
  );
}
