-- +goose Up
-- No foreign key: its trigger would run once per line. Appending locks the preview's row instead.
create table preview_logs (
    preview_id      text        not null,
    seq             bigint      not null check (seq > 0),
    ts              timestamptz not null,
    level           text        not null,
    message         text        not null,
    source          text        not null,
    stream          text        not null,
    origin          bigint      not null,
    origin_instance text        not null,
    primary key (preview_id, seq)
);

-- +goose Down
-- Loses all logs.
drop table preview_logs;
