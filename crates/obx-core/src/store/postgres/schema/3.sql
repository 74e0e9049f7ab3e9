-- Who asked; for an item that is who asked for its newest answer. Whoever may read the views keeps that right.
CREATE OR REPLACE VIEW v_answers AS SELECT
    c.id,
    c.started_at,
    c.gateway,
    c.api,
    c.num_iid,
    CASE e.answers WHEN 1 THEN 'item' WHEN 2 THEN 'no_item' ELSE 'other' END AS answer,
    t.title,
    e.price,
    e.stock,
    c.size,
    c.asked_by
FROM v_calls c JOIN exchanges e ON e.id = c.id LEFT JOIN texts t ON t.id = e.text
WHERE e.answers > 0;

CREATE OR REPLACE VIEW v_items AS SELECT
    asked.gateway,
    asked.num_iid,
    newest.title,
    newest.price,
    newest.stock,
    newest.started_at AS answered_at,
    asked.last_asked_at,
    asked.calls,
    coalesce(noted.starred, false)::integer AS starred,
    noted.note,
    newest.asked_by
FROM (
    SELECT scope AS gateway, num_iid, count(*) FILTER (WHERE reuses IS NULL) AS calls,
        to_char(to_timestamp(max(started_at) / 1000.0) AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')
            AS last_asked_at,
        (array_agg(id ORDER BY answered_at DESC NULLS LAST, id DESC) FILTER (WHERE answers = 1))[1] AS newest
    FROM exchanges WHERE num_iid <> '' GROUP BY scope, num_iid
) AS asked
LEFT JOIN v_answers AS newest ON newest.id = asked.newest
LEFT JOIN (
    SELECT num_iid, bool_or(starred) AS starred,
        string_agg(note, '; ' ORDER BY asked_by) FILTER (WHERE note <> '') AS note
    FROM items GROUP BY num_iid
) AS noted ON noted.num_iid = asked.num_iid;
