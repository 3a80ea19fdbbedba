// The columns a table of campaigns can have: title, width, figure and text of each. What a column shows beyond its text
// (bars, colours, the trend) is the table's.
import { coming } from './ahead-words';
import type { Campaign } from './host/host';
import { chosenOf, fitting, type TableColumn } from './columns';
import { clock, count, percent } from './format';
import { type LevelKind, levelOf } from './levels';
import type { OutlookOf } from './state/ahead.svelte';
import type { TextKey } from './state/i18n.svelte';

export interface CampaignColumn extends TableColumn {
  /** The figure to sort by; null is unknown and comes last. */
  value: (campaign: Campaign, level: LevelKind, ahead: OutlookOf) => number | null;
  /** The figure as a spreadsheet wants it: no unit. */
  text: (campaign: Campaign, level: LevelKind, locale: string, ahead: OutlookOf) => string;
}

/** Pixels of the campaign's name: with fewer, those that differ at their end read alike. */
export const NAME_AT_LEAST = 150;
/** The name's least where there is room, and what the last hour takes, pixels. */
const NAME_WIDE = 130;
const TREND = 98;
/** Where nobody looks ahead. */
export const NO_OUTLOOK: OutlookOf = () => null;

type Figure = (campaign: Campaign) => number | null;

const whole = (figure: Figure) => ({
  value: figure,
  text: (campaign: Campaign) => {
    const value = figure(campaign);
    return value === null ? '' : String(value);
  },
});
const secs = (figure: Figure) => ({
  value: figure,
  text: (campaign: Campaign) => {
    const value = figure(campaign);
    return value === null ? '' : clock(value);
  },
});
const points = (figure: (campaign: Campaign, level: LevelKind) => number | null) => ({
  value: figure,
  text: (campaign: Campaign, level: LevelKind, locale: string) => {
    const value = figure(campaign, level);
    return value === null ? '' : percent(value, 1, locale).replace(/\s*%$/, '');
  },
});
const inbound = (figure: Figure) => (campaign: Campaign) =>
  campaign.direction === 'outbound' ? null : figure(campaign);
const column = (
  id: string,
  title: TextKey,
  wide: string,
  narrow: string,
  figure: Pick<CampaignColumn, 'value' | 'text'>,
  usual = true,
): CampaignColumn => ({ id, title, wide: `minmax(${wide}, 1fr)`, narrow, usual, ...figure });

/** In their usual order. The name always stands first, the trend last. */
export const COLUMNS: CampaignColumn[] = [
  column('waiting', 'col_waiting', '60px', '56px', whole(inbound((one) => one.waiting))),
  column('longest', 'col_longest', '92px', '88px', secs(inbound((one) => one.longestWaitSecs))),
  column(
    'available',
    'col_available',
    '68px',
    '62px',
    whole((one) => one.available),
  ),
  column(
    'members',
    'col_members',
    '68px',
    '64px',
    whole((one) => one.totalAgents),
    false,
  ),
  column(
    'busy',
    'col_busy',
    '68px',
    '66px',
    whole((one) => one.busy),
  ),
  column(
    'busyPaused',
    'state_busyPaused',
    '84px',
    '84px',
    whole((one) => one.busyPaused),
    false,
  ),
  column(
    'ringing',
    'page_ringing',
    '64px',
    '60px',
    whole((one) => one.ringing),
    false,
  ),
  column(
    'onHold',
    'page_hold',
    '64px',
    '60px',
    whole((one) => one.onHold),
    false,
  ),
  column(
    'paused',
    'col_paused',
    '58px',
    '55px',
    whole((one) => one.paused),
  ),
  column(
    'wrapUp',
    'col_wrapUp',
    '68px',
    '64px',
    whole((one) => one.wrapUp),
  ),
  column(
    'answered',
    'col_answered',
    '72px',
    '68px',
    whole((one) => one.answered),
  ),
  column(
    'abandoned',
    'page_abandoned',
    '84px',
    '78px',
    whole((one) => one.abandoned),
    false,
  ),
  column(
    'total',
    'page_total',
    '64px',
    '60px',
    whole((one) => one.totalCalls),
    false,
  ),
  column('abandonRate', 'col_abandoned', '62px', '56px', points(inbound((one) => one.abandonRate))),
  column(
    'recentWait',
    'page_recent_wait',
    '84px',
    '80px',
    secs((one) => one.recentWaitSecs),
    false,
  ),
  column(
    'recentTalk',
    'page_recent_talk',
    '84px',
    '80px',
    secs((one) => one.recentTalkSecs),
    false,
  ),
  column(
    'averageWait',
    'page_average_wait',
    '92px',
    '88px',
    secs((one) => one.averageWaitSecs),
    false,
  ),
  column(
    'averageTalk',
    'page_average_talk',
    '92px',
    '88px',
    secs((one) => one.averageTalkSecs),
    false,
  ),
  {
    ...column('serviceLevel', 'col_serviceLevel', '104px', '88px', {
      ...points((one, level) => (one.direction === 'outbound' ? null : levelOf(one, level).value)),
    }),
    wide: 'minmax(104px, 1.6fr)',
  },
  column('ahead', 'col_ahead', '118px', '112px', {
    value: ({ name }, _level, ahead) => coming(ahead(name)).rank,
    text: ({ name }, _level, _locale, ahead) => {
      const { text, rank, told } = coming(ahead(name));
      // Without its colour the rest says nothing.
      return rank === null ? '' : /%$/.test(text) ? text : told;
    },
  }),
];

export const USUAL: string[] = COLUMNS.filter((one) => one.usual).map((one) => one.id);

/** The columns chosen, in their order; unknown names of another version are left out. */
export function shownColumns(chosen: readonly string[]): CampaignColumn[] {
  return chosenOf(COLUMNS, chosen);
}

/** What gives way first on a narrow window. */
const LEAST_FIRST = [
  'ahead',
  'averageTalk',
  'averageWait',
  'recentTalk',
  'recentWait',
  'members',
  'total',
  'busyPaused',
  'onHold',
  'ringing',
  'answered',
  'wrapUp',
  'paused',
  'busy',
  'abandoned',
  'available',
  'abandonRate',
  'longest',
  'waiting',
  'serviceLevel',
];

/** Where the server says a figure, for whoever asks: two of its answers overlap, and do not quite agree. */
export function sourceOf(id: string): TextKey {
  if (id === 'longest' || id === 'recentWait' || id === 'recentTalk') return 'source_queue';
  if (id === 'ringing' || id === 'onHold') return 'source_agents';
  if (id === 'abandonRate') return 'source_worked_out';
  if (id === 'ahead') return 'source_ahead';
  return id === 'serviceLevel' ? 'source_level' : 'source_status';
}

/** Those that fit into so many pixels beside the campaign's name, at least one. */
export function fittingColumns(
  columns: CampaignColumn[],
  widths: Readonly<Record<string, number>>,
  pixels: number,
  least: Readonly<Record<string, number>> = {},
): CampaignColumn[] {
  return fitting(columns, widths, pixels - (widths.name ?? NAME_AT_LEAST), LEAST_FIRST, least);
}

/** Those that fit with their bars and the last hour beside them; `null` where these have to give way to columns somebody
 *  chose. The look ahead is the first to give way itself. */
export function roomyColumns(
  columns: CampaignColumn[],
  widths: Readonly<Record<string, number>>,
  pixels: number,
  least: Readonly<Record<string, number>> = {},
): CampaignColumn[] | null {
  const beside = (widths.name ?? NAME_WIDE) + TREND;
  const kept = fitting(columns, widths, pixels - beside, LEAST_FIRST, least, 'wide');
  return columns.every((one) => one.id === 'ahead' || kept.includes(one)) ? kept : null;
}

/** A table for a spreadsheet: titles first. */
export function campaignTable(
  rows: Campaign[],
  chosen: readonly string[],
  level: LevelKind,
  locale: string,
  t: (key: TextKey) => string,
  ahead: OutlookOf = NO_OUTLOOK,
): string[][] {
  const columns = shownColumns(chosen);
  return [
    [t('col_campaign'), t('direction'), ...columns.map((one) => t(one.title))],
    ...rows.map((row) => [
      row.label,
      t(row.direction),
      ...columns.map((one) => one.text(row, level, locale, ahead)),
    ]),
  ];
}

/** The figure in a cell of a column that has no look of its own. */
export function plain(column: CampaignColumn, campaign: Campaign, level: LevelKind, locale: string): string {
  const value = column.value(campaign, level, NO_OUTLOOK);
  if (value === null) return '–';
  return /Wait|Talk/.test(column.id) ? clock(value) : count(value, locale);
}
