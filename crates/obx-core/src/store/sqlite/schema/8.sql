-- When the call began by the row that was written before it: `started_at` becomes the time of the request itself. A copy of a
-- row is known by the former, whether its answer had come by then or not.
ALTER TABLE exchanges ADD COLUMN begun_at INTEGER;
-- SHA-256 of the record, the character 0 and the packed body; null for bodies of older versions.
ALTER TABLE bodies ADD COLUMN digest BLOB;
-- The newest answer is the one that came last: a row that was copied from another store can have a greater number.
DROP INDEX exchanges_by_question;
CREATE INDEX exchanges_by_question ON exchanges (scope, question, started_at + total_ms, id) WHERE answers > 0;
-- Calls under way, and those whose answer never came.
DROP INDEX exchanges_under_way;
CREATE INDEX exchanges_in_doubt ON exchanges (scope, question) WHERE billing = 2 AND answers = 0 AND reuses IS NULL;
-- Stars, notes and programs of the other people who share a store that was copied into this file.
CREATE TABLE items_of_others (
    asked_by TEXT NOT NULL,
    num_iid TEXT NOT NULL,
    starred INTEGER NOT NULL DEFAULT 0,
    note TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (asked_by, num_iid)
) STRICT;
CREATE TABLE programs_of_others (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    asked_by TEXT NOT NULL,
    program TEXT NOT NULL,
    UNIQUE (asked_by, program)
) STRICT;
DROP VIEW v_items;
CREATE VIEW v_items AS SELECT
    asked.gateway,
    asked.num_iid,
    newest.title,
    newest.price,
    newest.stock,
    newest.started_at AS answered_at,
    asked.last_asked_at,
    asked.calls,
    coalesce(items.starred, 0) AS starred,
    nullif(items.note, '') AS note
FROM (
    SELECT scope AS gateway, num_iid, count(*) FILTER (WHERE reuses IS NULL) AS calls,
        strftime('%Y-%m-%dT%H:%M:%fZ', max(started_at) / 1000.0, 'unixepoch') AS last_asked_at
    FROM exchanges WHERE num_iid <> '' GROUP BY scope, num_iid
) AS asked
LEFT JOIN v_answers AS newest ON newest.id = (
    SELECT id FROM exchanges
    WHERE scope = asked.gateway AND exchanges.num_iid = asked.num_iid AND answers = 1
    ORDER BY exchanges.started_at + total_ms DESC, id DESC LIMIT 1
)
LEFT JOIN items ON items.num_iid = asked.num_iid;
