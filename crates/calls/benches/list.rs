//! A hundred thousand calls held, put in order, narrowed and looked at; beside the plain way: whole calls in a vector,
//! compared and searched as text. Prints a table; asserts nothing.

use std::hint::black_box;
use std::time::Instant;

use atalaya_calls::wire::{Answered, Call, Column, ListView, LocalFilter};
use atalaya_calls::{CallList, fold};
use atalaya_ucontact::CallRecord;

const CALLS: u32 = 100_000;
const PAGE: usize = 500;
const RUNS: usize = 7;
const AGENTS: [&str; 8] = ["Lucía", "Martín", "Sofía", "João", "Camila", "Bruno", "Inés", "Tomás"];
const FAMILIES: [&str; 7] = ["Pereira", "Rocha", "Núñez", "Meireles", "Acosta", "Viera", "Ibarra"];
const COLUMNS: [Column; 7] = [
    Column::Time,
    Column::Campaign,
    Column::Agent,
    Column::Number,
    Column::Length,
    Column::Heard,
    Column::Tags,
];

fn main() {
    let records: Vec<CallRecord> = (0..CALLS).flat_map(records_of).collect();
    let legs = records.len();
    println!("{CALLS} calls, {legs} legs; milliseconds, median of {RUNS} runs");

    let before = resident_mb();
    let begun = Instant::now();
    let mut list = CallList::default();
    for page in records.chunks(PAGE) {
        list.take(page.to_vec());
    }
    black_box(list.slice(0, 50));
    let filled = ms(begun);
    let packed = resident_mb() - before;

    let before = resident_mb();
    let begun = Instant::now();
    let plain: Vec<Call> = list.table().all();
    let made = ms(begun);
    let whole = resident_mb() - before;

    println!("\n{:<34}{:>12}{:>12}{:>9}", "", "here", "plain", "ratio");
    line("memory, MB", packed, whole);
    line("taking all pages (plain: copying)", filled, made);
    for (name, column) in [
        ("order by time", Column::Time),
        ("order by agent", Column::Agent),
        ("order by number", Column::Number),
        ("order by length", Column::Length),
    ] {
        let here = median(|| list_view(&mut list, LocalFilter::default(), column));
        let other = median(|| plain_order(&plain, column));
        line(name, here, other);
    }
    let text = |text: &str| LocalFilter { text: text.into(), ..LocalFilter::default() };
    for (name, filter) in [
        ("narrow: answered, at most 2:00", {
            LocalFilter { answered: Answered::Yes, max_length_secs: Some(120), ..LocalFilter::default() }
        }),
        ("narrow: text \"lucia\"", text("lucia")),
        ("narrow: text \"nunez 0991\"", text("nunez 0991")),
        ("narrow: text \"10:3\" (moments)", text("10:3")),
    ] {
        let here = median(|| list_view(&mut list, filter.clone(), Column::Time));
        let other = median(|| plain_filter(&plain, &filter));
        line(name, here, other);
    }
    list_view(&mut list, LocalFilter::default(), Column::Time);
    let mut at = 0;
    let here = median(|| {
        at = (at + 7_919) % (CALLS - 240);
        black_box(serde_json::to_string(&list.slice(at, 240)).map(|text| text.len())).unwrap_or_default()
    });
    let other =
        median(|| black_box(serde_json::to_string(&plain).map(|text| text.len())).unwrap_or_default());
    line("240 rows for the window (plain: all)", here, other);
    let here = median(|| list.facets().agents.len());
    println!("{:<34}{here:>12.2}", "what there is to choose from");
    let here = median(|| list.callers(2, 2_000).callers.len());
    println!("{:<34}{here:>12.2}", "repeat callers");
}

fn records_of(call: u32) -> Vec<CallRecord> {
    let mixed = u64::from(call).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let pick = |shift: u32, of: u64| (mixed >> shift) % of;
    let legs = 1 + u32::from(pick(3, 10) < 3);
    let at = |secs: u64| {
        format!(
            "2026-{:02}-{:02} {:02}:{:02}:{:02}",
            1 + secs / 2_419_200 % 12,
            1 + secs / 86_400 % 28,
            secs / 3_600 % 24,
            secs / 60 % 60,
            secs % 60
        )
    };
    (0..legs)
        .map(|leg| {
            let answered = leg + 1 == legs && pick(9, 10) < 8;
            let begun = u64::from(call) * 20 + u64::from(leg) * 12;
            CallRecord {
                id: i64::from(call) * 4 + i64::from(leg),
                calldate: at(begun),
                guid: format!("{call:08x}-{:04x}-4000-8000-{:012x}", mixed >> 48, mixed & 0xffff_ffff_ffff),
                src: Some(format!("09{:07}", pick(13, 60_000) * 137 % 10_000_000)),
                dst: Some("20000001".to_owned()),
                agent: Some(format!(
                    "{} {}",
                    AGENTS[pick(17 + leg, 8) as usize],
                    FAMILIES[pick(23 + leg, 7) as usize]
                )),
                duration_secs: Some(pick(29, 600) as u32),
                billsec: Some(pick(29, 600) as u32),
                disposition: Some(if answered { "ANSWERED" } else { "NO ANSWER" }.to_owned()),
                causecode: Some(if answered { "16" } else { "19" }.to_owned()),
                campaign: Some(
                    ["Soporte<-", "Ventas<-", "Cobranzas<-", "Ventas->"][pick(33, 4) as usize].to_owned(),
                ),
                direction: Some("inbound".to_owned()),
                finishtime: Some(at(begun + 30 + pick(29, 600))),
                rating: Some(0),
                clid: None,
            }
        })
        .collect()
}

fn list_view(list: &mut CallList, filter: LocalFilter, sort: Column) -> usize {
    list.set_view(ListView { filter, sort, columns: COLUMNS.to_vec(), ..ListView::default() });
    list.slice(0, 240).shown as usize
}

fn number(call: &Call) -> &str {
    if call.direction == atalaya_calls::wire::Direction::Outbound { &call.destination } else { &call.source }
}

fn plain_order(calls: &[Call], sort: Column) -> usize {
    let mut sorted = calls.to_vec();
    match sort {
        Column::Agent => sorted.sort_by_cached_key(|call| fold(call.agent.as_deref().unwrap_or_default())),
        Column::Number => sorted.sort_by(|a, b| number(a).cmp(number(b))),
        Column::Length => sorted.sort_by_key(|call| call.length_secs),
        _ => sorted.sort_by(|a, b| b.started_at.cmp(&a.started_at)),
    }
    sorted.len()
}

fn plain_filter(calls: &[Call], filter: &LocalFilter) -> usize {
    let words: Vec<String> = filter.text.split_whitespace().map(fold).collect();
    let kept = calls.iter().filter(|call| {
        let text = fold(&format!(
            "{} {} {} {} {:?}",
            call.started_at,
            call.campaign,
            call.agent.as_deref().unwrap_or_default(),
            number(call),
            call.length_secs
        ));
        words.iter().all(|word| text.contains(word))
            && (filter.answered == Answered::Any || call.answered)
            && filter.max_length_secs.is_none_or(|most| call.length_secs.is_some_and(|secs| secs <= most))
    });
    kept.cloned().collect::<Vec<Call>>().len()
}

fn ms(begun: Instant) -> f64 {
    begun.elapsed().as_secs_f64() * 1_000.0
}

fn median(mut run: impl FnMut() -> usize) -> f64 {
    let mut times: Vec<f64> = (0..RUNS)
        .map(|_| {
            let begun = Instant::now();
            black_box(run());
            ms(begun)
        })
        .collect();
    times.sort_by(f64::total_cmp);
    times[RUNS / 2]
}

/// Memory of this process that is in use; 0 where the system does not say.
fn resident_mb() -> f64 {
    let statm = std::fs::read_to_string("/proc/self/statm").unwrap_or_default();
    let pages: f64 = statm.split_whitespace().nth(1).and_then(|pages| pages.parse().ok()).unwrap_or(0.0);
    pages * 4_096.0 / 1e6
}

fn line(name: &str, here: f64, plain: f64) {
    println!("{name:<34}{here:>12.2}{plain:>12.2}{:>9.1}", plain / here.max(0.001));
}
