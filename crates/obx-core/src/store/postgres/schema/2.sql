-- When the call began by the row that was written before it: `started_at` becomes the time of the request itself. A copy of a
-- row is known by the former, whether its answer had come by then or not.
ALTER TABLE exchanges ADD COLUMN begun_at bigint;
-- SHA-256 of the record, the character 0 and the packed body; null for bodies of older versions.
ALTER TABLE bodies ADD COLUMN digest bytea;
