-- +goose Up
-- The seq of the first line of what a line is a part of, such as a traceback. Null, which takes no room, for most.
alter table preview_logs add column group_seq bigint;

-- +goose Down
-- Loses which lines of a log belong together, as a traceback does.
alter table preview_logs drop column group_seq;
