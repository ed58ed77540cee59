-- +goose Up
-- Who is responsible for active previews, and what of theirs is to be stopped: asked twice a second by every process.
create index previews_by_launcher on previews (coalesce(request ->> 'launcher', ''), status)
    where status in ('starting', 'running', 'stopping');

-- +goose Down
drop index previews_by_launcher;
