// A shift as tables of words, the same for the window, the spreadsheet and the page to print. Unknown is a dash, a gap is
// said to be one.
import type { AgentState, Alert, PageTable, Report } from './host/host';
import { clock, count, DASH, label, percent } from './format';
import { dayText, gapsOf, offsetMs, timeText } from './past-time';
import type { TextKey } from './state/i18n.svelte';

export type ReportPart = 'halves' | 'campaigns' | 'people' | 'pauses' | 'alerts' | 'gaps';
export type ReportTable = Omit<PageTable, 'words'> & { part: ReportPart };
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
  const percents = (value: number | null, digits = 1) => percent(value, digits, locale);
  const level = (came: { serviceLevel: number | null; plusMinus: number | null }) =>
    came.serviceLevel === null || came.plusMinus === null || came.plusMinus < 0.5
      ? percents(came.serviceLevel, 0)
      : `${percents(came.serviceLevel, 0)} ± ${whole(Math.round(came.plusMinus))}`;
  const secs = (value: number | null) => (value === null ? DASH : clock(value));

  const halves = (gathered ? gather(report.halves) : report.halves).map((half: Half) => {
    const unseen = half.seenSecs === 0;
    const figure = (text: string) => (unseen ? DASH : text);
    return {
      marked: !half.came.whole,
      row: [
        `${moment(half.came.beginsMs)}${half.endsMs ? `–${moment(half.endsMs)}` : ''}${half.came.whole ? '' : ' *'}`,
        figure(whole(half.came.answered)),
        figure(whole(half.came.abandoned)),
        figure(percents(half.came.abandonRate)),
        figure(level(half.came)),
        whole(half.waiting),
        secs(half.longest),
        unseen ? t('past_unseen') : clock(half.seenSecs),
      ],
    };
  });
  const pauses = report.pauses.map((one) => {
    const over =
      (one.totalSecs !== null && one.pause.secs > one.totalSecs) ||
      (one.onceSecs !== null && (one.longestSecs ?? 0) > one.onceSecs);
    return {
      marked: over,
      row: [
        one.name,
        one.pause.reason ?? t('no_reason'),
        whole(one.pause.count),
        clock(one.pause.secs),
        secs(one.totalSecs),
        secs(one.longestSecs),
        secs(one.onceSecs),
        over ? t('past_over') : '',
      ],
    };
  });
  const gaps = gapsOf(report.runs, report.period).filter((gap) => gap.untilMs - gap.fromMs >= GAP_MS);
  const marked = (rows: { marked: boolean }[]) => rows.flatMap((one, at) => (one.marked ? [at] : []));
  const came = [t('col_answered'), t('col_abandoned'), t('measure_abandonRate'), t('col_serviceLevel')];

  return [
    {
      part: 'gaps',
      title: t('past_gaps'),
      note: gaps.length ? t('past_gaps_note') : t('past_gaps_none'),
      head: gaps.length ? [t('past_from'), t('past_until'), t('past_lasted')] : [],
      rows: gaps.map((gap) => [
        moment(gap.fromMs),
        moment(gap.untilMs),
        clock((gap.untilMs - gap.fromMs) / 1000),
      ]),
      marked: [],
    },
    {
      part: 'halves',
      title: t('past_halves'),
      note: t('past_halves_note'),
      head: [t('past_half'), ...came, t('past_most_waiting'), t('col_longest'), t('past_watched')],
      rows: halves.map((one) => one.row),
      marked: marked(halves),
    },
    {
      part: 'campaigns',
      title: t('campaigns'),
      note: t('past_campaigns_note'),
      head: [t('col_campaign'), t('direction'), ...came, t('past_most_waiting'), t('col_longest')],
      rows: report.campaigns.map((one) => {
        const out = one.name.endsWith('->');
        return [
          label(one.name),
          t(out ? 'outbound' : 'inbound'),
          whole(one.came.answered),
          whole(one.came.abandoned),
          out ? DASH : percents(one.came.abandonRate),
          level(one.came),
          out ? DASH : whole(one.waiting),
          out ? DASH : secs(one.longest),
        ];
      }),
      marked: [],
    },
    {
      part: 'people',
      title: t('agents'),
      note: t('past_people_note'),
      head: [
        t('col_agent'),
        t('past_watched'),
        t('person_occupancy'),
        t('person_calls'),
        ...SHOWN.map((state) => t(`state_${state}`)),
      ],
      rows: report.people.map((one) => [
        one.name,
        clock(one.seenSecs),
        percents(one.occupancy, 0),
        whole(one.calls),
        ...SHOWN.map((state) => secs(one.states.find((time) => time.state === state)?.secs ?? null)),
      ]),
      marked: [],
    },
    {
      part: 'pauses',
      title: t('past_pauses'),
      note: t('past_pauses_note'),
      head: [
        t('col_agent'),
        t('limits_reason'),
        t('person_times'),
        t('person_spent'),
        t('person_limit'),
        t('past_longest'),
        t('past_once'),
        t('past_limits'),
      ],
      rows: pauses.map((one) => one.row),
      marked: marked(pauses),
    },
    {
      part: 'alerts',
      title: t('alerts'),
      note: null,
      head: [t('past_alert'), t('past_raised'), t('past_seen'), t('past_who'), t('past_over_at')],
      rows: report.alerts.map((alert) => [
        `${subjectOf(alert)} ${matterOf(alert)}`,
        moment(alert.raisedMs),
        alert.acknowledgedMs === null ? DASH : moment(alert.acknowledgedMs),
        alert.acknowledgedBy ?? DASH,
        alert.resolvedMs === null ? DASH : moment(alert.resolvedMs),
      ]),
      marked: [],
    },
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
    ]),
  ];
}
