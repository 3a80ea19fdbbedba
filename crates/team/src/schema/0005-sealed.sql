-- A calibration is blind: nobody sees the others' answers before all are in. Reviews of one wait here, where no member can read, and
-- come into the log together once all are in. Until then the log says whose are.

create table atalaya.sealed (
    centre integer not null references atalaya.centre on delete cascade,
    id uuid not null,
    -- In the order they came.
    place bigint generated always as identity,
    login name not null,
    person text not null,
    role text not null,
    desk uuid not null,
    calibration text not null,
    reviewer text not null,
    body text not null,
    primary key (centre, id)
);
create index sealed_calibration on atalaya.sealed (centre, calibration);
create index log_calibration on atalaya.log (centre, ((body::jsonb) #>> '{what,body,id}')) where kind = 'calibration';
create index log_judged on atalaya.log (centre, ((body::jsonb) #>> '{what,body,calibration}')) where kind = 'judged';

-- Whether all reviews of a calibration are in. Of one that nobody began in the team nobody knows how many there are to be.
create function atalaya.all_in(p_centre integer, p_calibration text) returns boolean
language sql stable set search_path = pg_catalog, pg_temp
as $$
    select coalesce((
        select (log.body::jsonb #>> '{what,body,people}')::integer from atalaya.log
        where log.centre = p_centre and log.kind = 'calibration' and (log.body::jsonb) #>> '{what,body,id}' = p_calibration
        order by log.seq limit 1
    ) <= (
        select count(*) from (
            select reviewer from atalaya.sealed where centre = p_centre and calibration = p_calibration
            union
            select (log.body::jsonb) #>> '{what,body,reviewer}' from atalaya.log
            where log.centre = p_centre and log.kind = 'judged' and (log.body::jsonb) #>> '{what,body,calibration}' = p_calibration
        ) reviewers
    ), false)
$$;

-- As before, but for reviews of a calibration: one that is sealed has the number 0 until it is in the log.
create or replace function atalaya.append(p_server text, p_desk uuid, p_bodies text[])
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
    v_calibration text;
    v_reviewer text;
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
        if not found then
            select 0::bigint as seq, sealed.login into v_found from atalaya.sealed where centre = v_centre and id = v_id;
        end if;
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
        if v_kind = 'judged' then
            v_calibration := v_body #>> '{what,body,calibration}';
            v_reviewer := v_body #>> '{what,body,reviewer}';
            if v_calibration is null or v_reviewer is null or (v_reviewer <> v_person and v_role <> 'lead') then
                raise exception 'a review is its reviewer''s' using errcode = 'AT007';
            end if;
            insert into atalaya.sealed (centre, id, login, person, role, desk, calibration, reviewer, body)
            values (v_centre, v_id, session_user, v_person, v_role, p_desk, v_calibration, v_reviewer, p_bodies[i]);
        else
            if v_kind = 'calibration'
                and (v_body #>> '{what,body,people}' !~ '^[0-9]{1,4}$' or v_body #>> '{what,body,id}' is null) then
                raise exception 'a calibration is of so many people' using errcode = 'AT007';
            end if;
            v_calibration := case v_kind when 'calibration' then v_body #>> '{what,body,id}' end;
            v_seq := v_seq + 1;
            insert into atalaya.log (centre, seq, id, login, person, role, desk, kind, body)
            values (v_centre, v_seq, v_id, session_user, v_person, v_role, p_desk, v_kind, p_bodies[i]);
        end if;
        if v_calibration is not null and atalaya.all_in(v_centre, v_calibration) then
            insert into atalaya.log (centre, seq, id, login, person, role, desk, kind, body)
            select v_centre, v_seq + row_number() over (order by sealed.place), sealed.id, sealed.login, sealed.person,
                sealed.role, sealed.desk, 'judged', sealed.body
            from atalaya.sealed where centre = v_centre and calibration = v_calibration;
            select coalesce(max(log.seq), v_seq) into v_seq from atalaya.log where centre = v_centre;
            delete from atalaya.sealed where centre = v_centre and calibration = v_calibration;
        elsif v_kind = 'judged' then
            v_seq := v_seq + 1;
            insert into atalaya.log (centre, seq, id, login, person, role, desk, kind, body)
            select v_centre, v_seq, said.id, session_user, v_person, v_role, p_desk, 'judgedIn', jsonb_build_object(
                'layout', v_body -> 'layout', 'id', said.id, 'desk', p_desk, 'who', v_person, 'atMs', v_body -> 'atMs',
                'what', jsonb_build_object('kind', 'judgedIn',
                    'body', jsonb_build_object('calibration', v_calibration, 'reviewer', v_reviewer)))::text
            from (select gen_random_uuid() as id) said;
        end if;
        return query select v_id,
            coalesce((select log.seq from atalaya.log where centre = v_centre and id = v_id), 0), atalaya.now_ms();
    end loop;
    update atalaya.log_head set seq = v_seq where centre = v_centre;
    perform pg_notify('atalaya_' || v_centre, 'log:' || v_seq);
end $$;

-- Nobody but the owner reads what is sealed, and how far it is is asked by nobody else.
alter table atalaya.sealed enable row level security;
revoke all on function atalaya.all_in(integer, text) from public;
