// A shift's report as it is taken along: a page to print, and the rows of a spreadsheet's file. The same whether somebody
// saves it or it is made every day.
import { matter, subject } from './alert-text';
import type { Page, Report } from './host/host';
import { dayText, timeText } from './past-time';
import { reportCards } from './report-cards';
import { firstRows } from './report-order';
import { asSheet, type ReportTable, reportTables } from './report-tables';
import { i18n, t } from './state/i18n.svelte';
import type { Limits } from './thresholds';

/** Rows of a table on paper: a report is to be read on a page or two. */
const ON_PAPER = 16;

/** The tables, as they are shown or for a spreadsheet. */
export function tablesOf(report: Report, gathered: boolean): ReportTable[] {
  return reportTables(report, matter, subject, i18n.locale, t, gathered);
}

/** Which hours it is of, by the server's clock. */
export function reportTitle(report: Report, offset: number): string {
  const moment = (ms: number) =>
    `${dayText(ms, offset, i18n.locale)} ${timeText(ms, offset, i18n.locale, false)}`;
  return t('past_report_of', { from: moment(report.period.fromMs), until: moment(report.period.untilMs) });
}

export function reportSheet(report: Report, offset: number): string[][] {
  return asSheet(reportTitle(report, offset), tablesOf(report, false));
}

/** `before`: the same hours a week before; `tables`: in the order in which somebody looked at them. */
export function reportPage(
  report: Report,
  before: Report | null,
  limits: Limits | null,
  offset: number,
  whose: string,
  tables: ReportTable[] = tablesOf(report, true),
): Page {
  const cards = limits ? reportCards(report, before, limits, i18n.locale, t) : [];
  return {
    language: i18n.locale,
    title: reportTitle(report, offset),
    facts: cards.map((card): [string, string] => [
      card.title,
      [card.value, card.aim, card.before].filter((part) => part !== null).join(' · '),
    ]),
    figure: null,
    signatures: [],
    notes: [whose, t('past_sampled_note')].filter((note) => note !== ''),
    tables: tables.map((whole) => {
      const { table, left } = firstRows(whole, ON_PAPER);
      const cut = left ? t('room_rows_left', { shown: table.rows.length, all: whole.rows.length }) : null;
      return {
        title: table.title,
        note: [table.note, cut].filter((part) => part !== null).join(' ') || null,
        head: table.head,
        rows: table.total && table.rows.length ? [...table.rows, table.total] : table.rows,
        marked: table.marked,
        words: [],
      };
    }),
  };
}
