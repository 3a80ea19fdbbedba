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
  switch (column.id) {
    case 'waiting':
      return {
        text: plain(column, campaign, kind, locale),
        level: limits.waiting(campaign),
        quiet: !campaign.waiting,
      };
    case 'longest': {
      // The moment counts on between polls; without one there is nobody, or nobody knows.
      const secs = outbound ? null : (since(campaign.longestWaitSinceMs, now) ?? campaign.longestWaitSecs);
      const quiet = !secs;
      return { text: quiet ? DASH : clock(secs), level: limits.longestWait(secs, campaign), quiet };
    }
    case 'abandonRate':
      return {
        text: outbound ? DASH : percent(campaign.abandonRate, 1, locale),
        level: limits.abandoned(campaign),
        quiet: outbound || !campaign.abandonRate,
      };
    case 'serviceLevel': {
      if (outbound) return { text: DASH, level: '', quiet: true };
      const { value } = levelOf(campaign, kind);
      const level = limits.serviceLevel(value, kind, campaign);
      return { text: percent(value, 0, locale), level: level === 'ok' ? '' : level, quiet: value === null };
    }
    case 'ahead': {
      const { short, mark, rank } = coming(ahead(campaign.name));
      return { text: short, level: mark ?? '', quiet: rank === null };
    }
    case 'available':
      // Nobody free is nothing to overlook.
      return { text: plain(column, campaign, kind, locale), level: '', quiet: campaign.available === null };
    default:
      return {
        text: plain(column, campaign, kind, locale),
        level: '',
        quiet: !column.value(campaign, kind, NO_OUTLOOK),
      };
  }
}

/** Pixels each column needs for its widest figure. */
export function leastWidths(
  columns: readonly CampaignColumn[],
  rows: readonly Campaign[],
  kind: LevelKind,
  limits: Limits,
  now: number,
  locale: string,
  ahead: OutlookOf = NO_OUTLOOK,
): Record<string, number> {
  const text = (column: CampaignColumn, row: Campaign) => {
    if (column.id === 'available') return `${count(row.available, locale)} / ${count(row.loggedIn, locale)}`;
    // Beside its mark.
    if (column.id === 'ahead') return `▲ ${coming(ahead(row.name)).text}`;
    return figureOf(column, row, kind, limits, now, locale).text;
  };
  return Object.fromEntries(
    columns.map((column) => [
      column.id,
      rows.reduce((widest, row) => Math.max(widest, figureWidth(text(column, row))), 0),
    ]),
  );
}
