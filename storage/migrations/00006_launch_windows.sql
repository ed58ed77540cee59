-- +goose Up
-- How often each user launched since when. It hangs on nothing: who deletes a generation has launched it all the same.
create table launch_windows (
    user_id  text        primary key,
    began_at timestamptz not null,
    launches integer     not null check (launches > 0)
);

-- +goose Down
-- Loses how often each user launched within the hour: everybody may launch anew.
drop table launch_windows;
