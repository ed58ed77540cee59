-- +goose Up
-- Carrying archives over may take longer than a statement of the service may.
set local statement_timeout = 0;

-- The first label of the host name under which browsers reach a generation's previews: 122 random bits, the same for all of
-- them, so that what an app keeps in a browser outlives a relaunch, and nobody else's ever.
alter table generations
    add column host text not null default 'p' || replace(gen_random_uuid()::text, '-', '')
        check (host ~ '^p[0-9a-f]{32}$');
create unique index generations_host on generations (host);

alter table previews add column host text;
update previews
set    host = generations.host
from   generations
where  generations.id = generation_id;
alter table previews alter column host set not null;
create index previews_of_host on previews (host, created_at desc, id desc);

-- Seals what the gateway hands to browsers, the same for all replicas. The first that starts makes it.
alter table installation add column secret bytea check (length(secret) = 32);

-- +goose Down
-- Loses the addresses of previews, so that links and what apps kept in browsers are of no use, and the secret that visitors' cookies are sealed with.
alter table installation drop column secret;
alter table previews drop column host;
alter table generations drop column host;
