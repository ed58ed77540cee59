-- +goose Up
-- The values of environment that nobody but the app may see. They are needed for as long as the preview is: its log is cleared of them, also by the
-- process that takes it over. With its end they go; the constraint keeps any statement from forgetting that.
alter table previews add column secret_env jsonb;
alter table previews add constraint previews_secrets_end check (secret_env is null or ended_at is null);

-- +goose Down
-- The older release would write the values into logs.
-- +goose StatementBegin
do $$
begin
    if exists (select from previews where secret_env is not null) then
        raise exception 'there are previews with secret variables, which the older release would not keep secret: stop them first';
    end if;
end
$$;
-- +goose StatementEnd

alter table previews drop column secret_env;
