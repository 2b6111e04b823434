import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { RunStorageCheck } from "@/components/storage-checks/run-storage-check";
import { StorageCheck } from "@/components/storage-checks/storage-check";
import { StorageFactsView } from "@/components/storage-checks/storage-facts-view";
import { loadPage } from "@/lib/http/load-page";
import { readStorage } from "@/lib/storage-checks/read-storage";
import { checkStorageAction } from "./actions";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("settings"))("storage.title") };
}

export default async function StoragePage() {
  const facts = await loadPage(readStorage, {});
  return (
    <>
      <StorageFactsView facts={facts} />
      <StorageCheck
        check={facts.lastCheck}
        button={facts.mayCheck ? <RunStorageCheck action={checkStorageAction} /> : null}
      />
    </>
  );
}
