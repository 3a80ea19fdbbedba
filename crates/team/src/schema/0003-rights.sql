-- Rights: what a look at every function by every role found open, and members who leave.

-- Somebody who was taken out has no seat and no way in. Their row stays: what they judged is in their name, which nobody
-- else is called meanwhile, and they may come back.
alter table atalaya.member add column left_at timestamptz;

-- A lease is renewed by whoever holds it: also the member, not the desk's number alone, which can be read.
create or replace function atalaya.beat(
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
    -- What is wished is told to every desk at every beat.
    if pg_column_size(p_visible) > 100000 then
        raise exception 'so much cannot be looked at' using errcode = 'AT005';
    end if;
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
        if v_lease.desk = p_desk and v_lease.login = session_user and v_lease.epoch = p_epoch and v_lease.until > v_now then
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
            -- Those of a single run, or of a computer that is no more; not those of somebody who is on holiday.
            delete from atalaya.desk where centre = v_centre and seen_at < v_now - interval '60 days';
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

-- A desk leaves: it is not counted any more. It stays its member's, with the newest twenty they have: a number that was free
-- could be taken by somebody else, and whoever comes back would find their desk another's.
create or replace function atalaya.leave(p_server text, p_desk uuid) returns void
language sql volatile security definer set search_path = pg_catalog, pg_temp
as $$
    update atalaya.desk
    set visible = '{}', watched = false, every_ms = null, seen_at = least(seen_at, clock_timestamp() - interval '31 seconds')
    where id = p_desk and login = session_user and centre = atalaya.centre_of(p_server);
    delete from atalaya.desk
    where login = session_user and seen_at < clock_timestamp() - interval '30 seconds' and id not in (
        select id from atalaya.desk where login = session_user order by seen_at desc limit 20)
$$;

-- What the server said, within bounds: whoever asks has no room for more than a centre can have.
create or replace function atalaya.publish(
    p_server text, p_desk uuid, p_epoch bigint, p_key text, p_ahead_ms bigint, p_body bytea, p_keys text[]
) returns bigint
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_centre integer := atalaya.centre_of(p_server);
    v_seq bigint;
begin
    if octet_length(p_body) > 8000000 or octet_length(p_key) > 400 then
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
    if (select count(*) from atalaya.reading where centre = v_centre) > 5000 then
        raise exception 'too many readings' using errcode = 'AT005';
    end if;
    if p_keys is not null then
        delete from atalaya.reading where centre = v_centre and key <> '' and key <> all (p_keys);
    end if;
    perform pg_notify('atalaya_' || v_centre, v_seq::text);
    return v_seq;
end $$;

-- A desk is where its member sits down.
create or replace function atalaya.sit(p_server text, p_desk uuid, p_machine text) returns void
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
begin
    insert into atalaya.desk as d (id, centre, login, machine, watched, seen_at)
    values (p_desk, atalaya.centre_of(p_server), session_user, left(p_machine, 80), false, clock_timestamp())
    on conflict (id) do update set centre = excluded.centre, seen_at = excluded.seen_at where d.login = session_user;
    if not found then
        raise exception 'the desk is somebody else''s' using errcode = 'AT004';
    end if;
end $$;

revoke all on all functions in schema atalaya from public;
