ALTER TABLE "subject_request_counts" DROP CONSTRAINT "subject_request_counts_pkey";--> statement-breakpoint
ALTER TABLE "subject_request_counts" ADD COLUMN "slot" smallint NOT NULL DEFAULT 0;--> statement-breakpoint
ALTER TABLE "subject_request_counts" ALTER COLUMN "slot" DROP DEFAULT;--> statement-breakpoint
ALTER TABLE "subject_request_counts" ADD CONSTRAINT "subject_request_counts_day_slot_pk" PRIMARY KEY("day","slot");
--> statement-breakpoint
-- Slots go on above the numbers that a day gave already: slot s gives (registered - 1) * 16 + s + 1.
UPDATE subject_request_counts SET registered = (registered + 15) / 16;
--> statement-breakpoint
INSERT INTO subject_request_counts (day, slot, registered) SELECT day, slot, registered FROM (SELECT day, registered FROM subject_request_counts) given, generate_series(1, 15) slot;
