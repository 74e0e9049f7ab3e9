-- The words of the program: the outcome of a call.
ALTER TABLE conclusions RENAME TO outcomes;
ALTER TABLE exchanges RENAME COLUMN conclusion TO outcome;
