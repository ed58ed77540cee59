-- +goose Up
create table generations (
    id         text        primary key,
    user_id    text        not null,
    project_id text        not null,
    files      integer     not null,
    bytes      bigint      not null,
    digest     text        not null,
    framework  text        not null,
    runtime    text        not null,
    file_list  jsonb       not null,
    archive    bytea       not null,
    created_at timestamptz not null,
    updated_at timestamptz not null
);

-- The archive is compressed already: a second compression would only cost time.
alter table generations alter column archive set storage external;

create index generations_by_age on generations (created_at desc, id desc);
create index generations_of_user on generations (user_id, created_at desc, id desc);

-- +goose Down
-- Loses all projects.
drop table generations;
