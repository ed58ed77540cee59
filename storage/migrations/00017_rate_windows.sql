-- +goose Up
-- What callers did within their rates' windows, of all replicas together. After a crash of the server it begins anew.
create unlogged table rate_windows (
    kind     text        not null,
    key      text        not null,
    began_at timestamptz not null,
    used     integer     not null,
    primary key (kind, key)
) with (fillfactor = 50);

-- +goose Down
drop table rate_windows;
