-- +goose Up
-- Carrying logs over may take longer than a statement of the service may.
set local statement_timeout = 0;

-- Where a preview's lines are: in the partition of the UTC day it was created on, under a number, which takes a ninth
-- of the room of its id in each line and in each entry of the index. The instances its lines came from are counted in
-- the same way, from 1.
alter table previews
    add column log_id        integer not null generated always as identity,
    add column log_day       date    not null generated always as ((created_at at time zone 'UTC')::date) stored,
    add column log_instances text[]  not null default '{}',
    add constraint previews_log unique (log_day, log_id);

alter table preview_logs rename to preview_logs_by_preview;
alter index preview_logs_pkey rename to preview_logs_by_preview_pkey;

-- No foreign key: its trigger would run once per line. Appending locks the preview's row instead. All of a preview's
-- lines are in one partition, so that reading them looks into no other, and old days can be dropped whole.
create table preview_logs (
    day        date        not null,
    log        integer     not null,
    seq        bigint      not null check (seq > 0),
    ts         timestamptz not null,
    origin     bigint      not null,
    group_line integer     not null, -- counts from 1 in a group of lines that belong together, 0 for a line alone
    instance   smallint    not null, -- into previews.log_instances, 0 for none
    level      smallint    not null, -- 10 DEBUG, 20 INFO, 30 WARNING, 40 ERROR
    source     smallint    not null, -- 1 subprocess, 2 system
    stream     smallint    not null, -- 1 stdout, 2 stderr, 0 none
    message    text        not null, -- without colours
    coloured   text        not null, -- the message as it was written, where it has colours, else empty
    primary key (day, log, seq)
) partition by range (day);

-- Logs whose preview was deleted. Their lines go in the background.
create table discarded_logs (
    day date    not null,
    log integer not null,
    primary key (day, log)
);

-- +goose StatementBegin
do $$
declare
    d date;
begin
    for d in select distinct log_day from previews loop
        execute format('create table %I partition of preview_logs for values from (%L) to (%L)',
                       'preview_logs_' || to_char(d, 'YYYY_MM_DD'), d, d + 1);
    end loop;
end
$$;
-- +goose StatementEnd

update previews
set    log_instances = seen.instances
from  (select   preview_id, array_agg(distinct origin_instance) as instances
       from     preview_logs_by_preview
       where    origin_instance <> ''
       group by preview_id) as seen
where  id = preview_id;

insert into preview_logs
       (day, log, seq, ts, origin, group_line, instance, level, source, stream, message, coloured)
select   log_day, log_id, seq, ts, origin,
         coalesce(seq - group_seq + 1, 0),
         coalesce(array_position(log_instances, origin_instance), 0),
         case level  when 'DEBUG' then 10 when 'INFO' then 20 when 'WARNING' then 30 when 'ERROR' then 40 else 0 end,
         case source when 'subprocess' then 1 when 'system' then 2 else 0 end,
         case stream when 'stdout' then 1 when 'stderr' then 2 else 0 end,
         regexp_replace(message, '\x1b\[[0-9;:]*m', '', 'g'),
         case when strpos(message, e'\x1b') > 0 then message else '' end
from     preview_logs_by_preview
join     previews on id = preview_id
order by log_day, log_id, seq;

drop table preview_logs_by_preview;

-- +goose Down
set local statement_timeout = 0;

alter table preview_logs rename to preview_logs_by_day;
alter index preview_logs_pkey rename to preview_logs_by_day_pkey;

create table preview_logs (
    preview_id      text        not null,
    seq             bigint      not null check (seq > 0),
    ts              timestamptz not null,
    level           text        not null,
    message         text        not null,
    source          text        not null,
    stream          text        not null,
    origin          bigint      not null,
    origin_instance text        not null,
    group_seq       bigint,
    primary key (preview_id, seq)
);

insert into preview_logs
       (preview_id, seq, ts, level, message, source, stream, origin, origin_instance, group_seq)
select id, seq, ts,
       case level  when 10 then 'DEBUG' when 20 then 'INFO' when 30 then 'WARNING' when 40 then 'ERROR' else '' end,
       case when coloured <> '' then coloured else message end,
       case source when 1 then 'subprocess' when 2 then 'system' else '' end,
       case stream when 1 then 'stdout' when 2 then 'stderr' else '' end,
       origin,
       coalesce(log_instances[instance], ''),
       case when group_line > 0 then seq - group_line + 1 end
from   preview_logs_by_day
join   previews on log_day = day and log_id = log;

drop table preview_logs_by_day;
drop table discarded_logs;
alter table previews
    drop constraint previews_log,
    drop column log_id,
    drop column log_day,
    drop column log_instances;
