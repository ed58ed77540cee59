-- +goose Up
create table installation (
    singleton  boolean     primary key default true check (singleton),
    id         text        not null check (id ~ '^[0-9a-f]{12}$'),
    created_at timestamptz not null default now()
);

-- +goose Down
-- Loses the identity of the installation, by which it knows its containers, networks and images.
drop table installation;
