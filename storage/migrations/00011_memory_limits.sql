-- +goose Up
-- What quotas add up: the memory in force, not the one a launch asked for. 0 where an older version started the preview.
alter table previews add column memory_limit_mb integer not null default 0;

update previews
set    memory_limit_mb = coalesce((request ->> 'memory_mb')::integer, 0);

-- +goose Down
-- What a launch asked for becomes the limit that is in force, so that the way up finds it again.
update previews
set    request = request || jsonb_build_object('memory_mb', memory_limit_mb)
where  memory_limit_mb > 0;

alter table previews drop column memory_limit_mb;
