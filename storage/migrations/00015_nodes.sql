-- +goose Up
-- On many machines: which one the preview's instance is on, and where its port is reached there; '' on one machine.
alter table previews add column node text not null default '';
alter table previews add column node_host text not null default '';

-- +goose Down
-- Loses which node each preview is on: those that run are not found there any more.
alter table previews drop column node_host;
alter table previews drop column node;
