-- The floor's past: whole hours, as a desk that watched them kept them, for desks that did not.
--
-- One for each hour and centre: of whoever watched most of it. They are offered by whoever asks the server, and only ever read
-- by others; days and bytes are bounded.

create table atalaya.hour (
    centre integer not null references atalaya.centre on delete cascade,
    -- Counted from the epoch's, by the clock of the desk.
    hour bigint not null,
    desk uuid not null,
    -- As they were called when it was offered.
    person text not null,
    machine text not null,
    -- How far this database's clock was ahead of the desk's.
    ahead_ms bigint not null,
    watched_ms integer not null,
    sum bytea not null,
    at timestamptz not null default clock_timestamp(),
    body bytea not null,
    primary key (centre, hour)
);
alter table atalaya.hour alter column body set storage external;

-- Offers an hour that is over; true when it is there now: nobody had watched as much of it.
create function atalaya.offer_hour(
    p_server text, p_desk uuid, p_epoch bigint, p_hour bigint, p_ahead_ms bigint, p_watched_ms integer, p_sum bytea, p_body bytea
) returns boolean
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_centre integer := atalaya.centre_of(p_server);
    v_now bigint := atalaya.now_ms() / 3600000;
    v_kept boolean;
begin
    if octet_length(p_body) > 4000000 or octet_length(p_sum) <> 32 or p_watched_ms not between 1 and 3600000
        or p_hour not between v_now - 168 and v_now or abs(p_ahead_ms) > 86400000 then
        raise exception 'no hour of a floor' using errcode = 'AT005';
    end if;
    perform from atalaya.lease
    where centre = v_centre and desk = p_desk and epoch = p_epoch and login = session_user and until > clock_timestamp();
    if not found then
        raise exception 'the lease is somebody else''s by now' using errcode = 'AT001';
    end if;
    insert into atalaya.hour as h (centre, hour, desk, person, machine, ahead_ms, watched_ms, sum, body)
    select v_centre, p_hour, p_desk, coalesce(member.person, member.login::text), desk.machine, p_ahead_ms, p_watched_ms, p_sum,
        p_body
    from atalaya.desk join atalaya.member using (login) where desk.id = p_desk
    on conflict (centre, hour) do update
        set desk = excluded.desk, person = excluded.person, machine = excluded.machine, ahead_ms = excluded.ahead_ms,
            watched_ms = excluded.watched_ms, sum = excluded.sum, at = clock_timestamp(), body = excluded.body
        -- By a minute at least: two that saw the same would take turns.
        where h.watched_ms + 60000 <= excluded.watched_ms;
    v_kept := found;
    -- A week, and no more than two hundred megabytes: the newest.
    delete from atalaya.hour where centre = v_centre and (hour < v_now - 168 or hour in (
        select one.hour from (
            select hour.hour, sum(octet_length(hour.body)) over (order by hour.hour desc) as bytes
            from atalaya.hour where hour.centre = v_centre) one
        where one.bytes > 200000000));
    return v_kept;
end $$;

alter table atalaya.hour enable row level security;
create policy seated on atalaya.hour for select using (atalaya.seated(centre));

revoke all on all functions in schema atalaya from public;
grant select on atalaya.hour to atalaya_supervisor, atalaya_analyst, atalaya_lead;
grant execute on function
    atalaya.offer_hour(text, uuid, bigint, bigint, bigint, integer, bytea, bytea)
    to atalaya_supervisor, atalaya_analyst, atalaya_lead;
