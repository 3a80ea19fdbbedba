-- A team's tables: who belongs to it, who is here, who asks the contact centre's server, and what it said last.
--
-- Nobody writes to a table: desks call functions, which run as the owner and take the name from the session. Nobody reads
-- a row of a centre they have no seat in. All time is this database's.

create schema atalaya;

create table atalaya.step (
    number integer primary key,
    done_at timestamptz not null default now()
);

-- A contact centre, by the canonical address of its server.
create table atalaya.centre (
    id integer generated always as identity primary key,
    server text not null unique
);

create table atalaya.member (
    login name primary key,
    role text not null check (role in ('supervisor', 'analyst', 'lead')),
    added_at timestamptz not null default now()
);

create table atalaya.seat (
    login name not null references atalaya.member on delete cascade,
    centre integer not null references atalaya.centre on delete cascade,
    primary key (login, centre)
);

-- A computer at which a member is, or was. What is looked at there is read for it.
create table atalaya.desk (
    id uuid primary key,
    centre integer not null references atalaya.centre on delete cascade,
    login name not null references atalaya.member on delete cascade,
    machine text not null,
    visible text[] not null default '{}',
    watched boolean not null default true,
    every_ms integer,
    seen_at timestamptz not null
) with (fillfactor = 60);
create index desk_centre on atalaya.desk (centre);

-- Who asks. An epoch is given out once; what somebody of an older one says is refused.
create table atalaya.lease (
    centre integer primary key references atalaya.centre on delete cascade,
    epoch bigint not null default 0,
    desk uuid,
    login name,
    machine text,
    since timestamptz,
    until timestamptz,
    -- Grows by one with each reading, across epochs: readings in its order are complete, because this row is locked
    -- until they are there.
    seq bigint not null default 0
) with (fillfactor = 40);

-- The newest reading of each kind: of the campaigns (key ''), of the agents of one campaign (its name).
create table atalaya.reading (
    centre integer not null references atalaya.centre on delete cascade,
    key text not null,
    epoch bigint not null,
    seq bigint not null,
    -- How far this database's clock is ahead of the one the reading's moments are by.
    ahead_ms bigint not null,
    at timestamptz not null,
    body bytea not null,
    primary key (centre, key)
) with (fillfactor = 40);
alter table atalaya.reading alter column body set storage external;

create function atalaya.now_ms() returns bigint
language sql volatile set search_path = pg_catalog, pg_temp
as $$ select floor(extract(epoch from clock_timestamp()) * 1000)::bigint $$;

create function atalaya.seated(p_centre integer) returns boolean
language sql stable security definer set search_path = pg_catalog, pg_temp
as $$ select exists (select from atalaya.seat where centre = p_centre and login = session_user) $$;

create function atalaya.colleague(p_login name) returns boolean
language sql stable security definer set search_path = pg_catalog, pg_temp
as $$
    select exists (
        select from atalaya.seat mine join atalaya.seat theirs using (centre)
        where mine.login = session_user and theirs.login = p_login)
$$;

-- The centre of that address, if whoever asks has a seat in it.
create function atalaya.centre_of(p_server text) returns integer
language plpgsql stable security definer set search_path = pg_catalog, pg_temp
as $$
declare found integer;
begin
    select centre.id into found from atalaya.centre join atalaya.seat on seat.centre = centre.id
    where centre.server = p_server and seat.login = session_user;
    if found is null then
        raise exception 'no seat in this centre' using errcode = 'AT003';
    end if;
    return found;
end $$;

-- A desk says that it is here, what is looked at there, and how it stands with the lease: renews it (p_epoch is the one it
-- holds), wants it (p_wants), or only looks. Answers who asks, and what everybody else wishes.
create function atalaya.beat(
    p_server text, p_desk uuid, p_machine text, p_visible text[], p_watched boolean, p_every_ms integer,
    p_epoch bigint, p_wants boolean, p_lease_ms integer
) returns table (
    o_mine boolean, o_epoch bigint, o_left_ms bigint, o_desk uuid, o_login text, o_machine text, o_since_ms bigint,
    o_now_ms bigint, o_seq bigint, o_desks integer, o_visible text[], o_watched boolean, o_every_ms integer
)
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_centre integer := atalaya.centre_of(p_server);
    v_lease atalaya.lease%rowtype;
    v_now timestamptz;
    -- Only who renews or takes it now holds it: a copy of a data folder has the same desk, and not the epoch.
    v_mine boolean := false;
begin
    insert into atalaya.desk as d (id, centre, login, machine, visible, watched, every_ms, seen_at)
    values (p_desk, v_centre, session_user, left(p_machine, 80), p_visible[1:500], p_watched, p_every_ms, clock_timestamp())
    on conflict (id) do update
        set centre = excluded.centre, machine = excluded.machine, visible = excluded.visible, watched = excluded.watched,
            every_ms = excluded.every_ms, seen_at = excluded.seen_at
        where d.login = session_user;
    if not found then
        raise exception 'the desk is somebody else''s' using errcode = 'AT004';
    end if;

    if p_wants or p_epoch is not null then
        select * into v_lease from atalaya.lease where centre = v_centre for update;
        -- Read after the lock: whoever waited for it learns what time it is by then.
        v_now := clock_timestamp();
        if v_lease.desk = p_desk and v_lease.epoch = p_epoch and v_lease.until > v_now then
            update atalaya.lease set until = v_now + least(greatest(p_lease_ms, 5000), 900000) * interval '1 millisecond'
            where centre = v_centre returning * into v_lease;
            v_mine := true;
        elsif p_wants and (v_lease.until is null or v_lease.until <= v_now) then
            -- Also of one's own that is over: what was held once is never held again under the same number.
            update atalaya.lease
            set epoch = epoch + 1, desk = p_desk, login = session_user, machine = left(p_machine, 80), since = v_now,
                until = v_now + least(greatest(p_lease_ms, 5000), 900000) * interval '1 millisecond'
            where centre = v_centre returning * into v_lease;
            v_mine := true;
            perform pg_notify('atalaya_' || v_centre, 'lease');
            -- Those of a single run, or of a computer that is no more.
            delete from atalaya.desk where centre = v_centre and seen_at < v_now - interval '2 days';
        end if;
    else
        select * into v_lease from atalaya.lease where centre = v_centre;
    end if;

    v_now := clock_timestamp();
    return query
    select v_mine and v_lease.until > v_now, v_lease.epoch,
        case when v_lease.until > v_now then ceil(extract(epoch from v_lease.until - v_now) * 1000)::bigint else 0 end,
        v_lease.desk, v_lease.login::text, v_lease.machine, floor(extract(epoch from v_lease.since) * 1000)::bigint,
        floor(extract(epoch from v_now) * 1000)::bigint, v_lease.seq,
        (select count(*)::integer from atalaya.desk
         where centre = v_centre and seen_at > v_now - interval '30 seconds'),
        coalesce((select array_agg(distinct name) from atalaya.desk, unnest(desk.visible) name
         where centre = v_centre and id <> p_desk and watched and seen_at > v_now - interval '30 seconds'), '{}'),
        coalesce((select bool_or(watched) from atalaya.desk
         where centre = v_centre and id <> p_desk and seen_at > v_now - interval '30 seconds'), false),
        (select min(every_ms) from atalaya.desk
         where centre = v_centre and id <> p_desk and watched and seen_at > v_now - interval '30 seconds');
end $$;

-- Gives the lease away: somebody else asks from now on.
create function atalaya.give_lease(p_server text, p_desk uuid, p_epoch bigint) returns boolean
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare v_centre integer := atalaya.centre_of(p_server);
begin
    update atalaya.lease set until = clock_timestamp()
    where centre = v_centre and desk = p_desk and epoch = p_epoch and login = session_user and until > clock_timestamp();
    if found then
        perform pg_notify('atalaya_' || v_centre, 'free');
    end if;
    return found;
end $$;

-- A desk leaves: it is not counted any more.
create function atalaya.leave(p_server text, p_desk uuid) returns void
language sql volatile security definer set search_path = pg_catalog, pg_temp
as $$
    delete from atalaya.desk where id = p_desk and login = session_user and centre = atalaya.centre_of(p_server)
$$;

-- What the server said. p_keys: the campaigns there are, when this is the campaigns' own reading; others' are let go.
create function atalaya.publish(
    p_server text, p_desk uuid, p_epoch bigint, p_key text, p_ahead_ms bigint, p_body bytea, p_keys text[]
) returns bigint
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_centre integer := atalaya.centre_of(p_server);
    v_seq bigint;
begin
    if octet_length(p_body) > 8000000 then
        raise exception 'a reading is too large' using errcode = 'AT005';
    end if;
    update atalaya.lease set seq = seq + 1
    where centre = v_centre and desk = p_desk and epoch = p_epoch and login = session_user and until > clock_timestamp()
    returning seq into v_seq;
    if v_seq is null then
        raise exception 'the lease is somebody else''s by now' using errcode = 'AT001';
    end if;
    insert into atalaya.reading (centre, key, epoch, seq, ahead_ms, at, body)
    values (v_centre, p_key, p_epoch, v_seq, p_ahead_ms, clock_timestamp(), p_body)
    on conflict (centre, key) do update
        set epoch = excluded.epoch, seq = excluded.seq, ahead_ms = excluded.ahead_ms, at = excluded.at, body = excluded.body;
    if p_keys is not null then
        delete from atalaya.reading where centre = v_centre and key <> '' and key <> all (p_keys);
    end if;
    perform pg_notify('atalaya_' || v_centre, v_seq::text);
    return v_seq;
end $$;

alter table atalaya.centre enable row level security;
alter table atalaya.member enable row level security;
alter table atalaya.seat enable row level security;
alter table atalaya.desk enable row level security;
alter table atalaya.lease enable row level security;
alter table atalaya.reading enable row level security;
create policy seated on atalaya.centre for select using (atalaya.seated(id));
create policy colleague on atalaya.member for select using (atalaya.colleague(login));
create policy seated on atalaya.seat for select using (atalaya.seated(centre));
create policy seated on atalaya.desk for select using (atalaya.seated(centre));
create policy seated on atalaya.lease for select using (atalaya.seated(centre));
create policy seated on atalaya.reading for select using (atalaya.seated(centre));

revoke all on schema atalaya from public;
revoke all on all functions in schema atalaya from public;
grant usage on schema atalaya to atalaya_supervisor, atalaya_analyst, atalaya_lead;
grant select on atalaya.step, atalaya.centre, atalaya.member, atalaya.seat, atalaya.desk, atalaya.lease, atalaya.reading
    to atalaya_supervisor, atalaya_analyst, atalaya_lead;
grant execute on function atalaya.now_ms(), atalaya.seated(integer), atalaya.colleague(name), atalaya.centre_of(text),
    atalaya.beat(text, uuid, text, text[], boolean, integer, bigint, boolean, integer),
    atalaya.give_lease(text, uuid, bigint), atalaya.leave(text, uuid),
    atalaya.publish(text, uuid, bigint, text, bigint, bytea, text[])
    to atalaya_supervisor, atalaya_analyst, atalaya_lead;
