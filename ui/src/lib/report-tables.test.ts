import { describe, expect, it } from 'vitest';
import type { Report } from './host/host';
import { reportCards } from './report-cards';
import { firstRows, inOrder, type TableOrder } from './report-order';
import { asSheet, reportTables } from './report-tables';
import { limits } from './testing';

const HALF = 1_800_000;
const begin = Date.UTC(2026, 0, 31, 13);
const came = (beginsMs: number, whole: boolean) => ({
  beginsMs,
  whole,
  answered: 40,
  abandoned: 2,
  abandonRate: 4.8,
  serviceLevel: 81.3,
  plusMinus: 3.4,
});

const report: Report = {
  period: { fromMs: begin, untilMs: begin + 3 * HALF },
  runs: [
    { fromMs: begin, untilMs: begin + HALF + 600_000 },
    { fromMs: begin + HALF + 610_000, untilMs: begin + HALF + 900_000 },
  ],
  halves: [
    { came: came(begin, true), waiting: 7, longest: 95, longestAtMs: begin + 61_000, seenSecs: 1800 },
    { came: came(begin + HALF, false), waiting: 3, longest: 0, longestAtMs: null, seenSecs: 890 },
    {
      came: { ...came(begin + 2 * HALF, false), answered: 0, abandoned: 0 },
      waiting: null,
      longest: null,
      longestAtMs: null,
      seenSecs: 0,
    },
  ],
  campaigns: [
    {
      name: 'Ventas->',
      came: { ...came(begin, true), serviceLevel: null, plusMinus: null },
      waiting: 1,
      longest: 2,
      longestAtMs: begin,
    },
  ],
  people: [
    {
      name: '=HYPERLINK("x")',
      location: 'SIP/1',
      seenSecs: 3600,
      states: [{ state: 'busy', secs: 600 }],
      occupancy: null,
      calls: null,
    },
  ],
  pauses: [
    {
      name: 'Ana',
      pause: { reason: null, count: 2, secs: 900 },
      longestSecs: null,
      longestAtMs: null,
      onceSecs: null,
      totalSecs: null,
    },
    {
      name: 'Bruno',
      pause: { reason: 'Baño', count: 3, secs: 700 },
      longestSecs: 320,
      longestAtMs: begin + HALF,
      onceSecs: 300,
      totalSecs: 900,
    },
  ],
  forecasts: [],
  alerts: [],
  offsetSecs: -3 * 3600,
};

const words = (key: string) => key;
const tables = reportTables(
  report,
  () => '',
  () => '',
  'en',
  words,
);
const table = (part: string) => tables.find((one) => one.part === part);

describe('a shift in tables', () => {
  it('says what nobody watched instead of a zero', () => {
    expect(table('halves')?.rows).toEqual([
      ['10:00', '40', '2', '4.8 %', '81 % ± 3', '7', '1:35', '30:00'],
      ['10:30 *', '40', '2', '4.8 %', '81 % ± 3', '3', '0:00', '14:50'],
      ['11:00 *', '–', '–', '–', '–', '–', '–', 'past_unseen'],
    ]);
    expect(table('halves')?.marked).toEqual([1, 2]);
    // Ten seconds between two readings are no gap.
    expect(table('gaps')?.note).toBe('10:45–11:30 (45:00). past_gaps_note');
    expect(tables.at(-1)?.part).toBe('gaps');
    const apart = reportTables(
      report,
      () => '',
      () => '',
      'en',
      words,
      false,
    );
    expect(apart.at(-1)?.rows).toEqual([['10:45', '11:30', '45:00']]);
  });

  it('sets the forecasts against what came, where there are any', () => {
    expect(table('forecasts')).toBeUndefined();
    const forecasts = [
      { name: 'Soporte<-', held: 79, of: 100, waitingOff: 1.26, longestOffSecs: 34.4, levelOff: 6.5 },
      { name: 'Ventas<-', held: 3, of: 3, waitingOff: 0, longestOffSecs: null, levelOff: null },
    ];
    const made = reportTables(
      { ...report, forecasts },
      () => '',
      () => '',
      'en',
      words,
    );
    expect(made.find((one) => one.part === 'forecasts')?.rows).toEqual([
      ['Soporte', 'past_forecast_held', '1.3', '0:34', '7'],
      ['Ventas', 'past_forecast_held', '0', '–', '–'],
    ]);
    expect(made.at(-1)?.part).toBe('gaps');
  });

  it('makes one row of what nobody watched for long, except for a spreadsheet', () => {
    const unseen = (at: number) => ({
      came: came(begin + at * HALF, false),
      waiting: null,
      longest: null,
      longestAtMs: null,
      seenSecs: 0,
    });
    const long: Report = {
      ...report,
      halves: [unseen(0), ...report.halves.slice(0, 1), unseen(2), unseen(3), unseen(4)],
    };
    const rows = (gathered: boolean) => {
      const made = reportTables(
        long,
        () => '',
        () => '',
        'en',
        words,
        gathered,
      );
      return made.find((one) => one.part === 'halves')?.rows.map((row) => row[0]);
    };
    expect(rows(true)).toEqual(['10:00 *', '10:00', '11:00–12:30 *']);
    expect(rows(false)).toEqual(['10:00 *', '10:00', '11:00 *', '11:30 *', '12:00 *']);
  });

  it('knows no service level of outbound campaigns, and nothing that was not told', () => {
    expect(table('campaigns')?.rows[0]).toEqual(['Ventas', 'outbound', '40', '2', '–', '–', '–', '–']);
    expect(table('people')?.rows[0]?.slice(0, 6)).toEqual([
      '=HYPERLINK("x")',
      '1:00:00',
      '–',
      '–',
      '–',
      '10:00',
    ]);
  });

  it('marks pauses over a limit, of one or of all', () => {
    expect(table('pauses')?.marked).toEqual([1]);
    expect(table('pauses')?.rows[0]).toEqual(['Ana', 'no_reason', '2', '15:00', '–', '–', '–', '']);
  });

  it('adds up what can be added, and leads to the moment of a row', () => {
    expect(table('halves')?.total).toEqual(['room_total', '80', '4', '4.8 %', '81 %', '', '1:35', '44:50']);
    const moments = (part: string) =>
      table(part)?.visits.map((visit) => visit && [visit.atMs, visit.location]);
    // When somebody waited longest, else when it began; what nobody watched is of no moment.
    expect(moments('halves')).toEqual([[begin + 61_000, null], [begin + HALF, null], null]);
    // Nobody waits for an outbound campaign.
    expect(moments('campaigns')).toEqual([null]);
    // The end of what is known of a day, and the longest pause, of whoever is in the report.
    expect(moments('people')).toEqual([[begin + HALF + 900_000, 'SIP/1']]);
    expect(moments('pauses')).toEqual([null, [begin + HALF, null]]);
    expect(table('pauses')?.total).toBeNull();
  });

  it('is sorted by a column, what is not known last, and keeps to its first rows on paper', () => {
    const pauses = table('pauses');
    if (!pauses) throw new Error('no pauses');
    const names = (order?: TableOrder) => inOrder(pauses, order).rows.map((row) => row[0]);
    expect([names(), names({ column: 3, down: false })]).toEqual([
      ['Ana', 'Bruno'],
      ['Bruno', 'Ana'],
    ]);
    // Nothing is known of Ana's limit, whichever way.
    expect([names({ column: 4, down: true }), names({ column: 4, down: false })]).toEqual([
      ['Bruno', 'Ana'],
      ['Bruno', 'Ana'],
    ]);
    const down = inOrder(pauses, { column: 0, down: true });
    expect([down.rows[0]?.[0], down.marked]).toEqual(['Bruno', [0]]);
    const { table: first, left } = firstRows(down, 1);
    expect([first.rows.length, first.marked, left]).toEqual([1, [0], 1]);
  });

  it('says in six figures how it was, against the aim and the week before', () => {
    const ofCards = (before: Report | null) => reportCards(report, before, limits(), 'en', words);
    const [calls, level, abandoned, longest] = ofCards(report);
    expect([calls?.value, level?.value, abandoned?.value, longest?.value]).toEqual([
      '84',
      '81 %',
      '4.8 %',
      '1:35',
    ]);
    expect([level?.level, abandoned?.level, longest?.level]).toEqual(['', '', '']);
    expect([calls?.before, level?.aim]).toEqual(['room_week', 'room_target']);
    const unseen = { ...report, halves: report.halves.slice(2) };
    expect([ofCards(null)[0]?.before, ofCards(unseen)[0]?.before]).toEqual([
      'room_week_none',
      'room_week_none',
    ]);
    // Nobody watched: not known, never a zero.
    const none = reportCards(unseen, null, limits(), 'en', words);
    expect(none.slice(0, 4).map((card) => card.value)).toEqual(['–', '–', '–', '–']);
  });

  it('puts the tables below each other for a spreadsheet', () => {
    const sheet = asSheet('A shift', tables);
    expect(sheet[0]).toEqual(['A shift']);
    expect(sheet.filter((row) => row.length === 0)).toHaveLength(tables.length);
  });
});
