// A shift as tables of words, the same for the window, the spreadsheet and the page to print. Unknown is a dash, a gap is
// said to be one.
import type { AgentState, Alert, PageTable, Report } from './host/host';
import { clock, count, DASH, label, percent } from './format';
import { dayText, gapsOf, offsetMs, timeText } from './past-time';
import { sums } from './report-cards';
import type { TextKey } from './state/i18n.svelte';

export type ReportPart = 'halves' | 'campaigns' | 'people' | 'pauses' | 'alerts' | 'forecasts' | 'gaps';
/** What a cell is sorted by; null: not known. */
type Value = number | string | null;
export interface ReportTable extends Omit<PageTable, 'words'> {
  part: ReportPart;
  /** What the cells are sorted by, row by row. */
  values: Value[][];
  /** What a row leads to, row by row; null: to nothing that can be looked at. */
  visits: (Visit | null)[];
  /** All rows together; null: there is no such sum. */
  total: string[] | null;
}
/** The floor at a moment, and what of it is looked at there. */
export interface Visit {
  atMs: number;
  campaign: string | null;
  /** A person, by their interface. */
  location: string | null;
  /** What is to be seen there, in words. */
  tip: string;
}
/** A cell's words, and what it is sorted by. */
type Cell = [string, Value];
interface Row {
  cells: Cell[];
  marked?: boolean;
  visit?: Visit | null;
}
type Words = (key: TextKey, params?: Record<string, string | number>) => string;

/** Shorter than this, two readings only were a little further apart. */
const GAP_MS = 30_000;
const HALF_MS = 1_800_000;
const SHOWN: AgentState[] = [
  'available',
  'busy',
  'onHold',
  'wrapUp',
  'paused',
  'ringing',
  'busyPaused',
  'offline',
];

/** `gathered`: half hours after each other that nobody watched are one row; a spreadsheet wants each of its own. */
export function reportTables(
  report: Report,
  matterOf: (alert: Alert) => string,
  subjectOf: (alert: Alert) => string,
  locale: string,
  t: Words,
  gathered = true,
): ReportTable[] {
  const offset = offsetMs(report.offsetSecs, report.period.fromMs);
  const time = (ms: number, seconds = false) => timeText(ms, offset, locale, seconds);
  const long = report.period.untilMs - report.period.fromMs > 20 * 3_600_000;
  const moment = (ms: number) => (long ? `${dayText(ms, offset, locale)} ${time(ms)}` : time(ms));
  const whole = (value: number | null) => count(value, locale);
  const tenth = (value: number | null) => value && Math.round(10 * value) / 10;
  const percents = (value: number | null, digits = 1) => percent(value, digits, locale);
  const level = (came: { serviceLevel: number | null; plusMinus: number | null }) =>
    came.serviceLevel === null || came.plusMinus === null || came.plusMinus < 0.5
      ? percents(came.serviceLevel, 0)
      : `${percents(came.serviceLevel, 0)} ± ${whole(Math.round(came.plusMinus))}`;
  const secs = (value: number | null) => (value === null ? DASH : clock(value));
  const word = (text: string): Cell => [text, text];
  const number = (value: number | null): Cell => [whole(value), value];
  const lasted = (value: number | null): Cell => [secs(value), value];
  /** From a row to the floor at a moment, if there is one. */
  const to = (atMs: number | null, tip: TextKey, of: Partial<Visit> = {}): Visit | null =>
    atMs === null
      ? null
      : { atMs: Math.max(atMs, report.period.fromMs), campaign: null, location: null, tip: t(tip), ...of };
  const locationOf = (name: string) => report.people.find((one) => one.name === name)?.location ?? null;
  const share = (value: number | null, digits = 1): Cell => [percents(value, digits), value];

  const halves = (gathered ? gather(report.halves) : report.halves).map((half: Half): Row => {
    const unseen = half.seenSecs === 0;
    const figure = (cell: Cell): Cell => (unseen ? [DASH, null] : cell);
    const begins = half.came.beginsMs;
    return {
      marked: !half.came.whole,
      visit: unseen ? null : (to(half.longestAtMs, 'room_look_worst') ?? to(begins, 'room_look_there')),
      cells: [
        [
          `${moment(begins)}${half.endsMs ? `–${moment(half.endsMs)}` : ''}${half.came.whole ? '' : ' *'}`,
          begins,
        ],
        figure(number(half.came.answered)),
        figure(number(half.came.abandoned)),
        figure(share(half.came.abandonRate)),
        figure([level(half.came), half.came.serviceLevel]),
        number(half.waiting),
        lasted(half.longest),
        [unseen ? t('past_unseen') : clock(half.seenSecs), half.seenSecs],
      ],
    };
  });
  const pauses = report.pauses.map((one): Row => {
    const over =
      (one.totalSecs !== null && one.pause.secs > one.totalSecs) ||
      (one.onceSecs !== null && (one.longestSecs ?? 0) > one.onceSecs);
    return {
      marked: over,
      visit: to(one.longestAtMs, 'room_look_pause', { location: locationOf(one.name) }),
      cells: [
        word(one.name),
        word(one.pause.reason ?? t('no_reason')),
        number(one.pause.count),
        lasted(one.pause.secs),
        lasted(one.totalSecs),
        lasted(one.longestSecs),
        lasted(one.onceSecs),
        [over ? t('past_over') : '', over ? 1 : 0],
      ],
    };
  });
  const campaigns = report.campaigns.map((one): Row => {
    const out = one.name.endsWith('->');
    const inbound = (cell: Cell): Cell => (out ? [DASH, null] : cell);
    return {
      visit: out ? null : to(one.longestAtMs, 'room_look_worst', { campaign: one.name }),
      cells: [
        word(label(one.name)),
        word(t(out ? 'outbound' : 'inbound')),
        number(one.came.answered),
        number(one.came.abandoned),
        inbound(share(one.came.abandonRate)),
        [level(one.came), one.came.serviceLevel],
        inbound(number(one.waiting)),
        inbound(lasted(one.longest)),
      ],
    };
  });
  const stateSecs = (one: Report['people'][number], state: AgentState) =>
    one.states.find((time) => time.state === state)?.secs ?? null;
  /** Up to here everybody's day is known. */
  const last = report.runs.at(-1)?.untilMs ?? null;
  const end = last === null ? null : Math.min(last, report.period.untilMs);
  const people = report.people.map((one): Row => ({
    visit: to(end, 'room_look_person', { location: one.location }),
    cells: [
      word(one.name),
      lasted(one.seenSecs),
      share(one.occupancy, 0),
      number(one.calls),
      ...SHOWN.map((state) => lasted(stateSecs(one, state))),
    ],
  }));
  const alerts = report.alerts.map((alert): Row => {
    const when = (ms: number | null): Cell => [ms === null ? DASH : moment(ms), ms];
    return {
      visit: to(alert.raisedMs, 'room_look_there', {
        location: alert.location,
        campaign: alert.location === null ? alert.campaign : null,
      }),
      cells: [
        word(`${subjectOf(alert)} ${matterOf(alert)}`),
        when(alert.raisedMs),
        when(alert.acknowledgedMs),
        word(alert.acknowledgedBy ?? DASH),
        when(alert.resolvedMs),
      ],
    };
  });
  const forecasts = report.forecasts.map((one): Row => ({
    cells: [
      word(label(one.name)),
      [t('past_forecast_held', { held: whole(one.held), of: whole(one.of) }), one.held / one.of],
      [whole(tenth(one.waitingOff)), one.waitingOff],
      lasted(one.longestOffSecs),
      [whole(one.levelOff && Math.round(one.levelOff)), one.levelOff],
    ],
  }));
  const day = sums(report);
  const added = <T>(list: readonly T[], of: (one: T) => number | null): number | null => {
    const known = list.map(of).filter((value) => value !== null);
    return known.length ? known.reduce((sum, value) => sum + value, 0) : null;
  };
  const gaps = gapsOf(report.runs, report.period).filter((gap) => gap.untilMs - gap.fromMs >= GAP_MS);
  const came = [t('col_answered'), t('col_abandoned'), t('measure_abandonRate'), t('col_serviceLevel')];

  const lines = gaps.map(
    (gap) => `${moment(gap.fromMs)}–${moment(gap.untilMs)} (${clock((gap.untilMs - gap.fromMs) / 1000)})`,
  );
  const made = (part: ReportPart, head: string[], rows: Row[], words: Partial<ReportTable>): ReportTable => ({
    part,
    title: '',
    note: null,
    head,
    rows: rows.map((row) => row.cells.map(([text]) => text)),
    values: rows.map((row) => row.cells.map(([, value]) => value)),
    visits: rows.map((row) => row.visit ?? null),
    marked: rows.flatMap((row, at) => (row.marked ? [at] : [])),
    total: null,
    ...words,
  });

  return [
    made(
      'halves',
      [t('past_half'), ...came, t('past_most_waiting'), t('col_longest'), t('past_watched')],
      halves,
      {
        title: t('past_halves'),
        note: t('past_halves_note'),
        total: [
          t('room_total'),
          whole(added(report.halves, (half) => (half.seenSecs ? half.came.answered : null))),
          whole(added(report.halves, (half) => (half.seenSecs ? half.came.abandoned : null))),
          percents(day.abandoned),
          percents(day.level, 0),
          '',
          secs(day.longest),
          clock(added(report.halves, (half) => half.seenSecs)),
        ],
      },
    ),
    made(
      'campaigns',
      [t('col_campaign'), t('direction'), ...came, t('past_most_waiting'), t('col_longest')],
      campaigns,
      {
        title: t('campaigns'),
        note: t('past_campaigns_note'),
        total: [
          t('room_total'),
          '',
          whole(added(report.campaigns, (one) => one.came.answered)),
          whole(added(report.campaigns, (one) => one.came.abandoned)),
          percents(day.abandoned),
          percents(day.level, 0),
          '',
          secs(day.longest),
        ],
      },
    ),
    made(
      'people',
      [
        t('col_agent'),
        t('past_watched'),
        t('person_occupancy'),
        t('person_calls'),
        ...SHOWN.map((state) => t(`state_${state}`)),
      ],
      people,
      {
        title: t('agents'),
        note: t('past_people_note'),
        total: [
          t('room_total'),
          secs(added(report.people, (one) => one.seenSecs)),
          percents(day.occupancy, 0),
          whole(added(report.people, (one) => one.calls)),
          ...SHOWN.map((state) => secs(added(report.people, (one) => stateSecs(one, state)))),
        ],
      },
    ),
    made(
      'pauses',
      [
        t('col_agent'),
        t('limits_reason'),
        t('person_times'),
        t('person_spent'),
        t('person_limit'),
        t('past_longest'),
        t('past_once'),
        t('past_limits'),
      ],
      pauses,
      { title: t('past_pauses'), note: t('past_pauses_note') },
    ),
    made(
      'alerts',
      [t('past_alert'), t('past_raised'), t('past_seen'), t('past_who'), t('past_over_at')],
      alerts,
      { title: t('alerts') },
    ),
    ...(forecasts.length
      ? [
          made(
            'forecasts',
            [
              t('col_campaign'),
              t('past_forecast_within'),
              t('ahead_waiting'),
              t('ahead_longest'),
              t('past_forecast_level'),
            ],
            forecasts,
            { title: t('past_forecasts'), note: t('past_forecasts_note') },
          ),
        ]
      : []),
    // In one line, except for a spreadsheet.
    made(
      'gaps',
      gathered || !gaps.length ? [] : [t('past_from'), t('past_until'), t('past_lasted')],
      gathered
        ? []
        : gaps.map((gap) => ({
            cells: [
              [moment(gap.fromMs), gap.fromMs],
              [moment(gap.untilMs), gap.untilMs],
              lasted((gap.untilMs - gap.fromMs) / 1000),
            ],
          })),
      {
        title: t('past_gaps'),
        note: gaps.length ? `${lines.join(', ')}. ${t('past_gaps_note')}` : t('past_gaps_none'),
      },
    ),
  ];
}

type Half = Report['halves'][number] & { endsMs?: number };

/** What nobody watched, without a break. */
function gather(halves: Half[]): Half[] {
  const rows: Half[] = [];
  for (const half of halves) {
    const before = rows.at(-1);
    if (before && before.seenSecs === 0 && half.seenSecs === 0) {
      rows[rows.length - 1] = { ...before, endsMs: half.came.beginsMs + HALF_MS };
    } else rows.push(half);
  }
  return rows;
}

/** The tables below each other, for a spreadsheet. */
export function asSheet(title: string, tables: ReportTable[]): string[][] {
  return [
    [title],
    ...tables.flatMap((table) => [
      [],
      [table.title],
      ...(table.head.length ? [table.head] : []),
      ...table.rows,
      ...(table.total && table.rows.length ? [table.total] : []),
    ]),
  ];
}
