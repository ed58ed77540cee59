-- +goose Up
-- The outbox: a row is written by the statement that changes the preview's state. No foreign key: an event outlives
-- its preview, whose owner may delete it before the receiver has heard of it.
create table webhook_events (
    id              text        primary key,
    seq             bigint      not null generated always as identity,
    preview_id      text        not null,
    generation_id   text        not null,
    user_id         text        not null,
    project_id      text        not null,
    status          text        not null check (status in ('starting', 'running', 'stopped', 'failed')),
    port            integer     not null,
    reason          jsonb,
    occurred_at     timestamptz not null,
    delivery        text        not null default 'pending' check (delivery in ('pending', 'delivered', 'dead')),
    attempts        integer     not null default 0,
    due_at          timestamptz not null default 'epoch',
    attempted_at    timestamptz,
    settled_at      timestamptz,
    response_status integer     not null default 0,
    error           text        not null default '',
    check ((settled_at is null) = (delivery = 'pending'))
);

-- What is due, and whether an earlier event of the same preview has to go first. Events that are settled, nearly all
-- of them, are in neither.
create index webhook_events_due on webhook_events (due_at, seq) where delivery = 'pending';
create index webhook_events_in_order on webhook_events (preview_id, seq) where delivery = 'pending';

create index webhook_events_by_age on webhook_events (occurred_at desc, id desc);
create index webhook_events_dead on webhook_events (occurred_at desc, id desc) where delivery = 'dead';
create index webhook_events_settled on webhook_events (settled_at) where settled_at is not null;

-- Receivers that answered 410 Gone, by the digest of their URL, which may hold secrets.
create table webhook_endpoints_gone (
    digest  text        primary key,
    gone_at timestamptz not null
);

-- +goose Down
-- Loses the events that the receiver has not been told yet, and which were delivered.
drop table webhook_endpoints_gone;
drop table webhook_events;
