// The columns the list of calls can have. Their figures, texts and order are the program's; here are titles and widths.
import type { Column } from './host/host';
import type { TableColumn } from './columns';
import { fitting } from './columns';
import type { TextKey } from './state/i18n.svelte';

export interface CallColumn extends TableColumn {
  id: Column;
  /** Text stands left, figures stand right. */
  left: boolean;
}

const column = (
  id: Column,
  title: TextKey,
  wide: string,
  narrow: string,
  usual = false,
  left = true,
): CallColumn => ({
  id,
  title,
  wide,
  narrow,
  usual,
  left,
});

/** In their usual order. */
export const CALL_COLUMNS: CallColumn[] = [
  column('time', 'col_time', '128px', '112px', true),
  column('campaign', 'col_campaign', 'minmax(150px, 2.2fr)', 'minmax(100px, 1.4fr)', true),
  column('agent', 'col_agent', 'minmax(120px, 1.4fr)', 'minmax(112px, 1.5fr)', true),
  column('number', 'col_number', '104px', '92px', true),
  column('length', 'col_length', '72px', '64px', true, false),
  column('heard', 'calls_col_heard', '92px', '78px', true, false),
  column('tags', 'col_tags', 'minmax(80px, 1.1fr)', 'minmax(56px, 1fr)', true),
  column('outcome', 'calls_col_outcome', 'minmax(96px, 1fr)', '96px'),
  column('cause', 'calls_col_cause', 'minmax(120px, 1.2fr)', '110px'),
  column('wait', 'calls_col_wait', '72px', '64px', false, false),
  column('talk', 'calls_col_talk', '72px', '64px', false, false),
  column('rung', 'calls_col_rung', 'minmax(120px, 1.4fr)', 'minmax(110px, 1.6fr)'),
  column('direction', 'direction', '88px', '80px'),
  column('rating', 'calls_rating', '64px', '60px', false, false),
  column('legs', 'call_legs', '60px', '56px', false, false),
  column('source', 'calls_source', '104px', '92px'),
  column('destination', 'calls_destination', '104px', '92px'),
  column('later', 'calls_col_later', '140px', '124px'),
  column('flag', 'calls_col_flag', '72px', '64px'),
  column('guid', 'calls_col_guid', 'minmax(150px, 1.2fr)', '130px'),
  column('silence', 'sound_col_silence', '84px', '76px', false, false),
  column('longestSilence', 'sound_col_longest', '104px', '92px', false, false),
  column('hold', 'sound_col_hold', '84px', '76px', false, false),
  column('talkOver', 'sound_col_over', '104px', '92px', false, false),
  column('sides', 'sound_col_sides', '96px', '88px', false, false),
  column('level', 'sound_col_level', '72px', '68px', false, false),
  column('clipping', 'sound_col_clipping', '84px', '76px', false, false),
];

export const USUAL_CALLS: string[] = CALL_COLUMNS.filter((one) => one.usual).map((one) => one.id);

/** What is told of calls nobody answered. */
export const ABANDONED: string[] = ['time', 'number', 'campaign', 'wait', 'rung', 'later', 'cause'];

/** What gives way first on a narrow window. */
const LEAST_FIRST: Column[] = [
  'guid',
  'sides',
  'clipping',
  'level',
  'talkOver',
  'silence',
  'legs',
  'destination',
  'source',
  'direction',
  'rating',
  'cause',
  'rung',
  'flag',
  'talk',
  'outcome',
  'heard',
  'hold',
  'longestSilence',
  'wait',
  'later',
  'tags',
  'campaign',
  'length',
  'agent',
  'number',
];

/** Pixels of the marks before the first column. */
export const MARKS = 48;

export const fittingCalls = (
  columns: CallColumn[],
  widths: Readonly<Record<string, number>>,
  pixels: number,
  least: Readonly<Record<string, number>> = {},
): CallColumn[] => fitting(columns, widths, pixels - MARKS, LEAST_FIRST, least);

/** Largest first when it is a figure or a moment. */
const DOWN: Column[] = [
  ...(['time', 'length', 'talk', 'wait', 'rating', 'legs', 'heard', 'later', 'flag'] as const),
  ...(['silence', 'longestSilence', 'hold', 'talkOver', 'clipping'] as const),
];

export const firstDown = (id: Column): boolean => DOWN.includes(id);
