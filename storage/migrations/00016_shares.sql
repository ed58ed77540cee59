-- +goose Up
-- How often the links to a preview were taken back: a link is sealed with the round in which it was made.
alter table previews add column share_round integer not null default 0;

-- +goose Down
-- Loses which links to running previews were taken back: older ones would open them again.
alter table previews drop column share_round;
