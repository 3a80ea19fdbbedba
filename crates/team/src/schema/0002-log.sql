-- Shared work: one log of everything that several desks judge and decide, in one order.
--
-- It is only ever appended to. A line is given its number while the centre's head is locked, so that whoever has read up to a number
-- has read everything before it. Who says a line is taken from the session, never from the line. What a line means,
-- and which of two holds, every desk works out by itself from the log alone.

-- What somebody is called in what they judge; nobody else of the team is called so.
alter table atalaya.member add column person text;
create unique index member_person on atalaya.member (lower(person));

create table atalaya.log_head (
    centre integer primary key references atalaya.centre on delete cascade,
    seq bigint not null default 0
) with (fillfactor = 40);
insert into atalaya.log_head (centre) select id from atalaya.centre;

create table atalaya.log (
    centre integer not null references atalaya.centre on delete cascade,
    seq bigint not null,
    id uuid not null,
    login name not null,
    -- As they were when it was said.
    person text not null,
    role text not null,
    desk uuid not null,
    kind text not null,
    at timestamptz not null default clock_timestamp(),
    body text not null,
    primary key (centre, seq),
    unique (centre, id)
);

-- What each role may say. What is of the house is a lead's; what is judged is not a supervisor's.
create table atalaya.may (
    role text not null,
    kind text not null,
    primary key (role, kind)
);
insert into atalaya.may (role, kind)
select role, kind
from unnest(array['analyst', 'lead']) role,
    unnest(array['cardVersion', 'cardRetired', 'worklist', 'worklistRemoved', 'review', 'entry', 'claim', 'feedback', 'alert',
        'calibration', 'judged']) kind;
insert into atalaya.may (role, kind)
select role, kind
from unnest(array['supervisor', 'analyst', 'lead']) role,
    unnest(array['alertSeen', 'note', 'noteRemoved', 'disposition', 'disposed', 'tag', 'floorAlertSeen', 'calledBack',
        'blacklisted', 'audit']) kind;
insert into atalaya.may (role, kind) values ('lead', 'house');

-- Who somebody is in the team: what they are called, and their role.
create function atalaya.me(p_server text) returns table (o_person text, o_role text)
language plpgsql stable security definer set search_path = pg_catalog, pg_temp
as $$
begin
    perform atalaya.centre_of(p_server);
    return query select coalesce(member.person, member.login::text), member.role
    from atalaya.member where member.login = session_user;
end $$;

-- Somebody is called so from now on, unless they were called otherwise before: what they judged is in that name.
create function atalaya.call_me(p_server text, p_person text) returns text
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare v_person text;
begin
    perform atalaya.centre_of(p_server);
    if length(trim(p_person)) not between 1 and 80
        or exists (select from atalaya.member
                   where login <> session_user and lower(login::text) = lower(trim(p_person))) then
        raise exception 'that name is taken' using errcode = 'AT006';
    end if;
    update atalaya.member set person = trim(p_person) where login = session_user and person is null;
    select coalesce(person, login::text) into v_person from atalaya.member where login = session_user;
    return v_person;
exception when unique_violation then
    raise exception 'that name is taken' using errcode = 'AT006';
end $$;

-- A desk that says something is one of this member's, whether or not its floor is watched.
create function atalaya.sit(p_server text, p_desk uuid, p_machine text) returns void
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
begin
    insert into atalaya.desk as d (id, centre, login, machine, watched, seen_at)
    values (p_desk, atalaya.centre_of(p_server), session_user, left(p_machine, 80), false, clock_timestamp())
    on conflict (id) do update set seen_at = excluded.seen_at where d.login = session_user;
    if not found then
        raise exception 'the desk is somebody else''s' using errcode = 'AT004';
    end if;
end $$;

-- Appends lines; one that is there already keeps its number. All of them, or none. A line says itself what it is, of which desk
-- and by whom; what it says of that must be so.
create function atalaya.append(p_server text, p_desk uuid, p_bodies text[])
returns table (o_id uuid, o_seq bigint, o_now_ms bigint)
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_centre integer := atalaya.centre_of(p_server);
    v_person text;
    v_role text;
    v_seq bigint;
    v_body jsonb;
    v_id uuid;
    v_kind text;
    v_found record;
begin
    if array_length(p_bodies, 1) > 1000 then
        raise exception 'not so many lines at once' using errcode = 'AT005';
    end if;
    select coalesce(person, login::text), role into v_person, v_role from atalaya.member where login = session_user;
    if not exists (select from atalaya.desk where id = p_desk and login = session_user and centre = v_centre) then
        raise exception 'the desk is somebody else''s' using errcode = 'AT004';
    end if;
    -- One after the other from here on: numbers are there in their order.
    select seq into v_seq from atalaya.log_head where centre = v_centre for update;
    for i in 1 .. coalesce(array_length(p_bodies, 1), 0) loop
        if octet_length(p_bodies[i]) > 4000000 then
            raise exception 'a line is too long' using errcode = 'AT005';
        end if;
        v_body := p_bodies[i]::jsonb;
        v_id := (v_body ->> 'id')::uuid;
        v_kind := v_body #>> '{what,kind}';
        select log.seq, log.login into v_found from atalaya.log where centre = v_centre and id = v_id;
        if found then
            if v_found.login <> session_user then
                raise exception 'the line is somebody else''s' using errcode = 'AT007';
            end if;
            return query select v_id, v_found.seq, atalaya.now_ms();
            continue;
        end if;
        if (v_body ->> 'desk')::uuid is distinct from p_desk or v_body ->> 'who' is distinct from v_person then
            raise exception 'the line is not of whoever says it' using errcode = 'AT007';
        end if;
        if v_kind is null or not exists (select from atalaya.may where role = v_role and kind = v_kind) then
            raise exception 'a % may not say: %', v_role, v_kind using errcode = 'AT007';
        end if;
        v_seq := v_seq + 1;
        insert into atalaya.log (centre, seq, id, login, person, role, desk, kind, body)
        values (v_centre, v_seq, v_id, session_user, v_person, v_role, p_desk, v_kind, p_bodies[i]);
        return query select v_id, v_seq, atalaya.now_ms();
    end loop;
    update atalaya.log_head set seq = v_seq where centre = v_centre;
    perform pg_notify('atalaya_' || v_centre, 'log:' || v_seq);
end $$;

alter table atalaya.log enable row level security;
alter table atalaya.log_head enable row level security;
create policy seated on atalaya.log for select using (atalaya.seated(centre));
create policy seated on atalaya.log_head for select using (atalaya.seated(centre));

revoke all on all functions in schema atalaya from public;
grant select on atalaya.log, atalaya.log_head, atalaya.may to atalaya_supervisor, atalaya_analyst, atalaya_lead;
grant execute on function atalaya.me(text), atalaya.call_me(text, text), atalaya.sit(text, uuid, text),
    atalaya.append(text, uuid, text[])
    to atalaya_supervisor, atalaya_analyst, atalaya_lead;
