-- +goose Up
-- What was read in a generation's files: by their digest, for they may be replaced, and by the version of the program that read
-- them. The list is text to the database; nothing in it is asked for.
create table generation_endpoints (
    generation_id text  primary key references generations (id) on delete cascade,
    digest        text  not null,
    version       text  not null,
    found         bytea not null
);

-- What a status tells. It is kept here because a status is one read of this row.
alter table previews add column endpoints_count integer not null default 0;

-- +goose Down
alter table previews drop column endpoints_count;
drop table generation_endpoints;
