-- +goose Up
create table previews (
    id                 text        primary key,
    generation_id      text        not null references generations (id),
    user_id            text        not null,
    project_id         text        not null,
    status             text        not null check (status in ('starting', 'running', 'stopping', 'stopped', 'failed')),
    phase              text        not null,
    health             text        not null,
    reason             jsonb,
    port               integer     not null check (port between 1 and 65535),
    instance_id        text        not null default '',
    runtime            text        not null default '',
    framework          text        not null default '',
    command            text        not null default '',
    cached             boolean     not null default false,
    request            jsonb       not null,
    timings            jsonb       not null default '{}',
    session_token_hash bytea       not null,
    token_expiry       timestamptz not null,
    created_at         timestamptz not null,
    started_at         timestamptz,
    running_at         timestamptz,
    ended_at           timestamptz,
    last_active_at     timestamptz not null,
    expires_at         timestamptz not null,
    check ((ended_at is not null) = (status in ('stopped', 'failed')))
);

-- The lease: a port belongs to one preview from its start until its end. This index is the truth, no code is.
create unique index previews_port_lease on previews (port)
    where status in ('starting', 'running', 'stopping');

-- A generation has at most one preview that somebody can use.
create unique index previews_one_active on previews (generation_id)
    where status in ('starting', 'running');

create index previews_of_generation on previews (generation_id, created_at desc, id desc);
create index previews_of_user on previews (user_id, created_at desc, id desc);
create index previews_by_age on previews (created_at desc, id desc);
create index previews_by_end on previews (ended_at) where ended_at is not null;

-- When each port was last leased or given back, so that the one that rested longest is handed out next.
create table port_uses (
    port    integer     primary key,
    used_at timestamptz not null
);

-- +goose Down
-- Loses all previews and what became of them.
drop table port_uses;
drop table previews;
