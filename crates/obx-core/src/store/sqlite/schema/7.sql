ALTER TABLE exchanges ADD COLUMN asked_by TEXT;
