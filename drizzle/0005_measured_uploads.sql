ALTER TABLE "recordings" ALTER COLUMN "size_bytes" DROP NOT NULL;--> statement-breakpoint
ALTER TABLE "recordings" ALTER COLUMN "sha256" DROP NOT NULL;--> statement-breakpoint
ALTER TABLE "recordings" ADD CONSTRAINT "recordings_measured" CHECK ((size_bytes is null) = (sha256 is null) and (sha256 is not null or state not in ('stored', 'deleting')));