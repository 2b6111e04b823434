import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { StorageFactsView } from "@/components/settings/storage-facts-view";
import { loadPage } from "@/lib/http/load-page";
import { readStorage } from "@/lib/storage/read-storage";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("settings"))("storage.title") };
}

export default async function StoragePage() {
  return <StorageFactsView facts={await loadPage(readStorage, {})} />;
}
