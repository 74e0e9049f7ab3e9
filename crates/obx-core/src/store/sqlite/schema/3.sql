-- The gateway that was asked: the vendor's hosts are one, any other host is its own. Answers, leases, quota and history
-- of one gateway are nothing to another.
ALTER TABLE exchanges ADD COLUMN scope TEXT NOT NULL DEFAULT '';
UPDATE exchanges SET scope = CASE
    WHEN host IN ('https://api-gw.onebound.cn', 'https://api-1.onebound.cn', 'https://api-2.onebound.cn',
                  'https://api-3.onebound.cn', 'https://api-4.onebound.cn', 'https://api-gw.onebound.net')
    THEN 'onebound' ELSE host END;
-- While it is under way: the process that sent it, as JSON. Null where an older obx did.
ALTER TABLE exchanges ADD COLUMN owner TEXT;

DROP INDEX exchanges_by_question;
DROP INDEX exchanges_by_time;
DROP INDEX exchanges_by_day;
DROP INDEX exchanges_by_item;
DROP INDEX exchanges_that_tell;
DROP INDEX exchanges_under_way;
CREATE INDEX exchanges_by_question ON exchanges (scope, question, id) WHERE answers > 0;
-- Holds all that is asked of it, so that a day is read without its rows.
CREATE INDEX exchanges_by_time ON exchanges (started_at, scope, question, total_ms, answers) WHERE answers > 0;
-- With all that a count of a day's calls asks for: it is made before each of them.
CREATE INDEX exchanges_by_day ON exchanges (scope, key, beijing_day, id, billing);
CREATE INDEX exchanges_by_item ON exchanges (scope, num_iid, id);
CREATE INDEX exchanges_that_tell ON exchanges (scope, key, id) WHERE api_info IS NOT NULL;
CREATE INDEX exchanges_under_way ON exchanges (scope, question) WHERE conclusion IS NULL;
