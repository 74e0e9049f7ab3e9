-- The words of the program: the summary of an outcome, and the blocks that stop further calls.
ALTER TABLE conclusions RENAME COLUMN told TO summary;
ALTER TABLE latches RENAME TO blocks;
