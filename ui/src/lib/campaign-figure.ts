// One figure of a campaign as it is read from afar: its text with its unit, and whether it needs an eye or a hand.
import { coming } from './ahead-words';
import { type CampaignColumn, NO_OUTLOOK, plain } from './campaign-columns';
import { figureWidth } from './figure-width';
import { clock, count, DASH, percent, since } from './format';
import type { Campaign } from './host/host';
import { type LevelKind, levelOf } from './levels';
import type { OutlookOf } from './state/ahead.svelte';
import type { Level, Limits } from './thresholds';

export interface FigureText {
  text: string;
  level: Level;
  /** Nothing to look at: zero, or nobody waits. */
  quiet: boolean;
}

/** The seconds somebody waits: the moment counts on between polls; without one there is nobody, or nobody knows. */
const waits = (campaign: Campaign, now: number): number | null =>
  campaign.direction === 'outbound'
    ? null
    : (since(campaign.longestWaitSinceMs, now) ?? campaign.longestWaitSecs);

/** Its text alone. */
function textOf(
  column: CampaignColumn,
  campaign: Campaign,
  kind: LevelKind,
  now: number,
  locale: string,
): string {
  const outbound = campaign.direction === 'outbound';
  switch (column.id) {
    case 'longest':
      return clock(waits(campaign, now) || null);
    case 'abandonRate':
      return outbound ? DASH : percent(campaign.abandonRate, 1, locale);
    case 'serviceLevel':
      return outbound ? DASH : percent(levelOf(campaign, kind).value, 0, locale);
    default:
      return plain(column, campaign, kind, locale);
  }
}

export function figureOf(
  column: CampaignColumn,
  campaign: Campaign,
  kind: LevelKind,
  limits: Limits,
  now: number,
  locale: string,
  ahead: OutlookOf = NO_OUTLOOK,
): FigureText {
  const outbound = campaign.direction === 'outbound';
  const text = textOf(column, campaign, kind, now, locale);
  switch (column.id) {
    case 'waiting':
      return { text, level: limits.waiting(campaign), quiet: !campaign.waiting };
    case 'longest': {
      const secs = waits(campaign, now);
      return { text, level: limits.longestWait(secs, campaign), quiet: !secs };
    }
    case 'abandonRate':
      return { text, level: limits.abandoned(campaign), quiet: outbound || !campaign.abandonRate };
    case 'serviceLevel': {
      if (outbound) return { text, level: '', quiet: true };
      const { value } = levelOf(campaign, kind);
      const level = limits.serviceLevel(value, kind, campaign);
      return { text, level: level === 'ok' ? '' : level, quiet: value === null };
    }
    case 'ahead': {
      const { short, mark, rank } = coming(ahead(campaign.name));
      return { text: short, level: mark ?? '', quiet: rank === null };
    }
    case 'available':
      // Nobody free is nothing to overlook.
      return { text, level: '', quiet: campaign.available === null };
    default:
      return { text, level: '', quiet: !column.value(campaign, kind, NO_OUTLOOK) };
  }
}

/** Pixels each column needs for its widest figure. */
export function leastWidths(
  columns: readonly CampaignColumn[],
  rows: readonly Campaign[],
  kind: LevelKind,
  now: number,
  locale: string,
  ahead: OutlookOf = NO_OUTLOOK,
): Record<string, number> {
  const text = (column: CampaignColumn, row: Campaign) => {
    if (column.id === 'available') return `${count(row.available, locale)} / ${count(row.loggedIn, locale)}`;
    // Beside its mark.
    if (column.id === 'ahead') return `▲ ${coming(ahead(row.name)).text}`;
    return textOf(column, row, kind, now, locale);
  };
  return Object.fromEntries(
    columns.map((column) => [
      column.id,
      rows.reduce((widest, row) => Math.max(widest, figureWidth(text(column, row))), 0),
    ]),
  );
}
