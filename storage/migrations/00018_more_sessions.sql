-- +goose Up
-- Hashes of session tokens that were made beside the first one, and end with it.
alter table previews add column more_session_hashes bytea[] not null default '{}';

-- +goose Down
-- Loses the session tokens that were made beside the first of running previews: who holds one has to ask for another.
alter table previews drop column more_session_hashes;
