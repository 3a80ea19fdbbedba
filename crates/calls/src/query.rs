//! A search as one line of text, to hand on in a message: `from:"2026-01-31 00:00:00" campaign:"Soporte<-" heard:nothing`.
//!
//! Written in English keys; read in the three languages of the window, in any order, with what cannot be read left out
//! and said. Left out on purpose: dates as people type them (the window completes those).

use crate::list::fold;
use crate::wire::{Answered, Direction, HeardPart, LocalFilter, Query, ReadQuery, Search, SoundFilter};

/// Keys as written, and what else they may be called, without case and accents.
const KEYS: [(&str, &[&str]); 31] = [
    ("period", &["periodo", "dates", "fechas", "datas"]),
    ("from", &["desde", "de", "since"]),
    ("to", &["until", "hasta", "ate", "a"]),
    ("hours", &["horas", "range"]),
    ("agent", &["agente"]),
    ("campaign", &["campana", "campanha", "queue", "cola", "fila"]),
    ("source", &["origen", "origem"]),
    ("destination", &["destino"]),
    ("tag", &["etiqueta"]),
    ("rating", &["calificacion", "nota", "avaliacao"]),
    ("min", &["minimo", "shortest", "atleast"]),
    ("exclude", &["excluir", "sin", "sem", "not"]),
    ("times", &["veces", "vezes", "seen"]),
    ("max", &["maximo", "longest", "atmost"]),
    ("clock", &["reloj", "relogio", "timeofday", "horario"]),
    ("direction", &["direccion", "sentido", "direcao"]),
    ("answered", &["contestada", "contestadas", "atendida", "atendidas"]),
    ("outcome", &["resultado", "disposition"]),
    ("leg", &["tramo", "perna", "trecho"]),
    ("cause", &["causa", "hangup"]),
    ("rung", &["sono", "tocou", "legagent"]),
    ("heard", &["oida", "escuchada", "ouvida"]),
    ("flagged", &["marcada", "sinalizada", "flag"]),
    ("number", &["numero"]),
    ("silence", &["silencio"]),
    ("silent", &["silenciosa", "silencioso"]),
    ("hold", &["espera"]),
    ("talkover", &["encima", "sobreposicao", "overlap"]),
    ("quieter", &["bajo", "baixo"]),
    ("clipped", &["saturada", "saturado"]),
    ("text", &["texto", "words"]),
];

fn minutes(minute: u16) -> String {
    format!("{:02}:{:02}", minute / 60, minute % 60)
}

fn clock(secs: u32) -> String {
    format!("{}:{:02}", secs / 60, secs % 60)
}

/// A value as it is written and as it is read: a line stays a line, and what nobody sees is no value.
fn one_line(value: &str) -> String {
    let text: String = value.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    text.trim().to_owned()
}

/// The search as one line.
pub fn as_text(query: &Query) -> String {
    let Query { search, local } = query;
    let mut parts = Vec::new();
    let mut say = |key: &str, value: &str| {
        let text = one_line(value);
        if text.is_empty() {
            return;
        }
        // A quote cannot end early.
        let plain = text.chars().all(|c| c.is_alphanumeric() || "-:+.<>_,/*#".contains(c));
        parts.push(if plain {
            format!("{key}:{text}")
        } else {
            format!("{key}:\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
        });
    };
    say("period", &search.period);
    if search.period.is_empty() {
        say("from", &search.from);
        say("to", &search.to);
    }
    say("hours", &search.hours);
    say("campaign", &search.campaign);
    say("agent", &search.agent);
    say("source", &search.source);
    say("destination", &search.destination);
    say("min", &search.min_duration_secs.map(clock).unwrap_or_default());
    say("rating", &search.rating);
    say("tag", &search.tag);
    say("exclude", &search.exclude);
    say("times", &search.times_seen.map(|times| times.to_string()).unwrap_or_default());
    say("max", &local.max_length_secs.map(clock).unwrap_or_default());
    if local.from_minute.is_some() || local.until_minute.is_some() {
        let from = local.from_minute.map(minutes).unwrap_or_default();
        let until = local.until_minute.map(minutes).unwrap_or_default();
        say("clock", &format!("{from}-{until}"));
    }
    say("direction", local.direction.map_or("", Direction::name));
    say(
        "answered",
        match local.answered {
            Answered::Any => "",
            Answered::Yes => "yes",
            Answered::No => "no",
        },
    );
    say("outcome", &local.outcome);
    say("leg", &local.leg_outcome);
    say("cause", &local.cause);
    say("rung", &local.leg_agent);
    say(
        "heard",
        match local.heard {
            HeardPart::Any => "",
            HeardPart::Nothing => "nothing",
            HeardPart::Part => "part",
            HeardPart::Most => "most",
        },
    );
    say("flagged", if local.flagged { "yes" } else { "" });
    say("number", &local.number);
    let SoundFilter { silence_secs, silence_percent, hold_secs, overlap_percent, quieter_db, clipped } =
        local.sound;
    say("silence", &silence_secs.map(clock).unwrap_or_default());
    say("silent", &silence_percent.map(|part| part.to_string()).unwrap_or_default());
    say("hold", &hold_secs.map(clock).unwrap_or_default());
    say("talkover", &overlap_percent.map(|part| part.to_string()).unwrap_or_default());
    say("quieter", &quieter_db.map(|db| db.to_string()).unwrap_or_default());
    say("clipped", if clipped { "yes" } else { "" });
    say("text", &local.text);
    parts.join(" ")
}

/// Reads a line as [`as_text`] writes it, and as people change it.
pub fn from_text(text: &str) -> ReadQuery {
    let mut read = ReadQuery::default();
    for (raw, value) in parts(text) {
        let taken = value
            .as_ref()
            .and_then(|(key, value)| Some((canonical(key)?, value)))
            .is_some_and(|(key, value)| take(&mut read.query, key, &one_line(value)));
        if taken {
            read.understood += 1;
        } else {
            read.ignored.push(raw);
        }
    }
    read
}

fn canonical(key: &str) -> Option<&'static str> {
    let wanted: String = fold(key).chars().filter(|c| c.is_alphanumeric()).collect();
    KEYS.iter().find(|(key, others)| *key == wanted || others.contains(&wanted.as_str())).map(|(key, _)| *key)
}

/// The parts of a line: as written, and key and value where there is a colon.
fn parts(text: &str) -> Vec<(String, Option<(String, String)>)> {
    let mut found = Vec::new();
    let mut letters = text.chars().peekable();
    while letters.peek().is_some() {
        let (mut raw, mut value) = (String::new(), String::new());
        let mut key: Option<String> = None;
        let mut quoted: Option<char> = None;
        while let Some(c) = letters.next() {
            if quoted.is_none() && (c.is_whitespace() || c == ';') {
                break;
            }
            raw.push(c);
            match (quoted, c) {
                (Some(_), '\\') => {
                    if let Some(escaped) = letters.next() {
                        raw.push(escaped);
                        value.push(escaped);
                    }
                }
                (Some(end), c) if c == end => quoted = None,
                (None, '"' | '“' | '”') if key.is_some() && value.is_empty() => {
                    // Mail programs turn quotes into curly ones.
                    quoted = Some(if c == '"' { '"' } else { '”' });
                }
                (None, ':' | '=') if key.is_none() => key = Some(std::mem::take(&mut value)),
                (_, c) => value.push(c),
            }
        }
        if !raw.is_empty() {
            found.push((raw, key.map(|key| (key, value))));
        }
    }
    found
}

fn yes_or_no(value: &str) -> Option<bool> {
    match fold(value).as_str() {
        "yes" | "si" | "sim" | "true" | "1" | "y" | "s" => Some(true),
        "no" | "nao" | "false" | "0" | "n" => Some(false),
        _ => None,
    }
}

/// `m:ss`, `h:mm:ss` or seconds.
fn seconds(value: &str) -> Option<u32> {
    let parts: Vec<&str> = value.split(':').collect();
    if parts.len() > 3 {
        return None;
    }
    parts.iter().try_fold(0u32, |sum, part| sum.checked_mul(60)?.checked_add(part.parse().ok()?))
}

fn minute(value: &str) -> Option<u16> {
    let (hour, minute) = value.split_once(':').unwrap_or((value, "0"));
    let (hour, minute): (u16, u16) = (hour.trim().parse().ok()?, minute.trim().parse().ok()?);
    (hour < 24 && minute < 60).then_some(hour * 60 + minute)
}

fn one_of(value: &str, known: &[(&'static str, &[&str])]) -> Option<&'static str> {
    let folded = fold(value);
    known
        .iter()
        .find(|(name, others)| fold(name) == folded || others.contains(&folded.as_str()))
        .map(|(name, _)| *name)
}

/// Puts a value where it belongs; false when it cannot be read.
fn take(query: &mut Query, key: &str, value: &str) -> bool {
    if value.is_empty() {
        return false;
    }
    let Query { search, local } = query;
    if let Some(slot) = text_slot(search, local, key) {
        value.clone_into(slot);
        return true;
    }
    take_figure(search, local, key, value).is_some()
}

fn text_slot<'a>(search: &'a mut Search, local: &'a mut LocalFilter, key: &str) -> Option<&'a mut String> {
    Some(match key {
        "from" => &mut search.from,
        "to" => &mut search.to,
        "hours" => &mut search.hours,
        "agent" => &mut search.agent,
        "campaign" => &mut search.campaign,
        "source" => &mut search.source,
        "destination" => &mut search.destination,
        "tag" => &mut search.tag,
        "rating" => &mut search.rating,
        "exclude" => &mut search.exclude,
        "outcome" => &mut local.outcome,
        "leg" => &mut local.leg_outcome,
        "cause" => &mut local.cause,
        "rung" => &mut local.leg_agent,
        "number" => &mut local.number,
        "text" => &mut local.text,
        _ => return None,
    })
}

fn take_figure(search: &mut Search, local: &mut LocalFilter, key: &str, value: &str) -> Option<()> {
    match key {
        "period" => {
            let known: [(&str, &[&str]); 4] = [
                ("today", &["hoy", "hoje"]),
                ("yesterday", &["ayer", "ontem"]),
                ("week", &["semana"]),
                ("month", &["mes"]),
            ];
            one_of(value, &known)?.clone_into(&mut search.period);
        }
        "min" => search.min_duration_secs = Some(seconds(value)?),
        "times" => search.times_seen = Some(value.parse().ok()?),
        "max" => local.max_length_secs = Some(seconds(value)?),
        "clock" => {
            let (from, until) = value.split_once(['-', '–'])?;
            let end = |text: &str| if text.trim().is_empty() { Some(None) } else { minute(text).map(Some) };
            (local.from_minute, local.until_minute) = (end(from)?, end(until)?);
        }
        "direction" => {
            let known: [(&str, &[&str]); 2] = [
                ("inbound", &["in", "entrante", "entrada", "receptivo", "receptiva"]),
                ("outbound", &["out", "saliente", "saida", "ativo", "ativa"]),
            ];
            let outbound = one_of(value, &known)? == "outbound";
            local.direction = Some(if outbound { Direction::Outbound } else { Direction::Inbound });
        }
        "answered" => local.answered = if yes_or_no(value)? { Answered::Yes } else { Answered::No },
        "heard" => {
            local.heard = match fold(value).as_str() {
                "nothing" | "no" | "nada" | "nao" => HeardPart::Nothing,
                "part" | "parte" => HeardPart::Part,
                "most" | "yes" | "si" | "sim" | "todo" | "tudo" => HeardPart::Most,
                _ => return None,
            }
        }
        "flagged" => local.flagged = yes_or_no(value)?,
        _ => return take_sound(&mut local.sound, key, value),
    }
    Some(())
}

fn take_sound(sound: &mut SoundFilter, key: &str, value: &str) -> Option<()> {
    let percent = || value.trim_end_matches('%').trim().parse::<u8>().ok().filter(|part| *part <= 100);
    match key {
        "silence" => sound.silence_secs = Some(seconds(value)?),
        "silent" => sound.silence_percent = Some(percent()?),
        "hold" => sound.hold_secs = Some(seconds(value)?),
        "talkover" => sound.overlap_percent = Some(percent()?),
        "quieter" => sound.quieter_db = Some(value.parse().ok()?),
        "clipped" => sound.clipped = yes_or_no(value)?,
        _ => return None,
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_line_is_readable_and_read_as_people_write_it() {
        let query = Query {
            search: Search {
                from: "2026-01-31 00:00:00".into(),
                to: "2026-01-31 23:59:59".into(),
                campaign: "Soporte<-".into(),
                agent: "Lucía \"Lu\" Pereira".into(),
                min_duration_secs: Some(90),
                ..Search::default()
            },
            local: LocalFilter {
                from_minute: Some(540),
                heard: HeardPart::Nothing,
                text: "reclamo -vip".into(),
                ..LocalFilter::default()
            },
        };
        let line = as_text(&query);
        assert_eq!(
            line,
            "from:\"2026-01-31 00:00:00\" to:\"2026-01-31 23:59:59\" campaign:Soporte<- \
             agent:\"Lucía \\\"Lu\\\" Pereira\" min:1:30 clock:09:00- heard:nothing text:\"reclamo -vip\""
        );
        let said = from_text(
            "  Período=hoje; CAMPAÑA:“Soporte<-” max:95 horario:22:00–6 contestada:sí oída:nada color:blue direction:up hello",
        );
        let Query { search, local } = &said.query;
        assert_eq!((search.period.as_str(), search.campaign.as_str()), ("today", "Soporte<-"));
        assert_eq!(
            (local.max_length_secs, local.from_minute, local.until_minute),
            (Some(95), Some(1_320), Some(360))
        );
        assert_eq!((local.answered, local.heard), (Answered::Yes, HeardPart::Nothing));
        assert_eq!(said.understood, 6);
        assert_eq!(said.ignored, ["color:blue", "direction:up", "hello"]);
    }

    fn text() -> impl Strategy<Value = String> {
        // What a field holds: no line breaks, no blanks around it.
        "[ -~ñéü“”]{0,12}".prop_map(|text| text.trim().to_owned())
    }

    prop_compose! {
        fn searches()(
            (agent, campaign, source, destination) in (text(), text(), text(), text()),
            (tag, rating, exclude, hours) in (text(), text(), text(), text()),
            min_duration_secs in prop::option::of(0u32..100_000),
            times_seen in prop::option::of(0u32..1_000),
            (from, to) in (text(), text()),
            period in prop::sample::select(vec!["", "today", "yesterday", "week", "month"]),
        ) -> Search {
            let dated = period.is_empty();
            Search {
                from: if dated { from } else { String::new() },
                to: if dated { to } else { String::new() },
                agent, campaign, source, destination, tag, rating, min_duration_secs, exclude, hours, times_seen,
                period: period.to_owned(),
            }
        }
    }

    prop_compose! {
        fn filters()(
            (text, outcome, leg_outcome, cause) in (text(), text(), text(), text()),
            (leg_agent, number) in (text(), text()),
            max_length_secs in prop::option::of(0u32..100_000),
            from_minute in prop::option::of(0u16..1_440),
            until_minute in prop::option::of(0u16..1_440),
            direction in prop::sample::select(vec![None, Some(Direction::Inbound), Some(Direction::Outbound)]),
            answered in prop::sample::select(vec![Answered::Any, Answered::Yes, Answered::No]),
            heard in prop::sample::select(vec![HeardPart::Any, HeardPart::Nothing, HeardPart::Part, HeardPart::Most]),
            flagged in any::<bool>(),
            (silence_secs, silence_percent) in (prop::option::of(0u32..9_000), prop::option::of(0u8..=100)),
            (hold_secs, overlap_percent) in (prop::option::of(0u32..9_000), prop::option::of(0u8..=100)),
            (quieter_db, clipped) in (prop::option::of(-120i16..0), any::<bool>()),
        ) -> LocalFilter {
            LocalFilter {
                text, max_length_secs, from_minute, until_minute, direction, answered, outcome,
                leg_outcome, cause, leg_agent, heard, flagged, number,
                sound: SoundFilter { silence_secs, silence_percent, hold_secs, overlap_percent, quieter_db, clipped },
            }
        }
    }

    proptest! {
        #[test]
        fn a_search_comes_back_as_it_was_handed_on(search in searches(), local in filters()) {
            let query = Query { search, local };
            let line = as_text(&query);
            let read = from_text(&line);
            prop_assert!(!line.contains('\n') && read.ignored.is_empty(), "{line}: {:?}", read.ignored);
            prop_assert_eq!(read.query, query, "{}", line);
        }

        #[test]
        fn what_nobody_sees_is_no_value(odd in "[\\s\\p{Cc}]{1,4}", wanted in "[a-z]{0,3}") {
            let mut query = Query::default();
            (query.search.agent, query.local.text) = (odd.clone(), format!("{odd}{wanted}{odd}"));
            let read = from_text(&as_text(&query));
            prop_assert!(read.ignored.is_empty(), "{:?}", read.ignored);
            prop_assert_eq!((read.query.search.agent, read.query.local.text), (String::new(), wanted));
            let typed = from_text(&format!("agent:{odd}"));
            prop_assert!(from_text(&as_text(&typed.query)).ignored.is_empty());
        }

        #[test]
        fn no_text_is_too_odd_to_be_read(odd in ".{0,60}") {
            let read = from_text(&odd);
            let again = from_text(&as_text(&read.query));
            prop_assert!(again.ignored.is_empty());
        }
    }
}
