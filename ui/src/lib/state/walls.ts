// What a wallboard shows: kept as one list; whatever an older or newer program wrote, what is known of it is taken and the
// rest is as usual. And what is worked out for one: its campaigns, its pages, who needs a hand, names nobody can read.
import type { Agent, Campaign } from '../host/host';
import { COLUMNS, shownColumns } from '../campaign-columns';
import { figureOf } from '../campaign-figure';
import { since } from '../format';
import type { Level, Limits } from '../thresholds';
import { mainCampaign, peopleIn } from './floor-rows';
import { byName } from '../names';

/** All figures of its campaigns together; one row for each; people by state; people beyond a limit. */
export const PAGE_KINDS = ['totals', 'campaigns', 'states', 'people'] as const;
export type PageKind = (typeof PAGE_KINDS)[number];
export const LOOKS = ['dark', 'light'] as const;
export type Look = (typeof LOOKS)[number];

export interface Wall {
  id: string;
  name: string;
  pages: PageKind[];
  /** Campaigns by name; none chosen is every inbound one. */
  campaigns: string[];
  /** Columns of the campaigns' page, by name, in their order. */
  figures: string[];
  /** Seconds a page stays. */
  everySecs: number;
  /** Only initials of people. */
  masked: boolean;
  look: Look;
}

/** A page to be shown: long ones go on at `from`. */
export interface WallPage {
  kind: PageKind;
  from: number;
}

export const USUAL_FIGURES = ['waiting', 'longest', 'serviceLevel', 'abandonRate', 'available'];
/** More of them would be too small to be read from across the room. */
export const MOST_FIGURES = 6;
/** Rows that fit on a page in type that can be read from five metres. */
export const ROWS = 9;
/** People that fit, with a line for how many more. */
export const PEOPLE = 8;
export const EVERY = { least: 5, most: 600, usual: 20 };

export const newWall = (id: string, name: string): Wall => ({
  id,
  name,
  pages: ['campaigns', 'totals'],
  campaigns: [],
  figures: USUAL_FIGURES,
  everySecs: EVERY.usual,
  masked: false,
  look: 'dark',
});

const texts = (value: unknown): string[] | null =>
  Array.isArray(value) ? value.filter((one): one is string => typeof one === 'string') : null;

/** Those of a list that are known, in its order, or the usual ones when that leaves none. */
function known<T extends string>(value: unknown, all: readonly T[], usual: T[]): T[] {
  const found = (texts(value) ?? []).flatMap((one) => all.find((other) => other === one) ?? []);
  return found.length ? [...new Set(found)] : usual;
}

function wallFrom(kept: unknown): Wall | null {
  if (typeof kept !== 'object' || kept === null) return null;
  const wall = kept as Record<keyof Wall, unknown>;
  if (typeof wall.id !== 'string' || !/^[0-9A-Za-z-]{1,64}$/.test(wall.id)) return null;
  const usual = newWall(wall.id, typeof wall.name === 'string' ? wall.name : '');
  const secs = Number(wall.everySecs);
  return {
    ...usual,
    pages: known(wall.pages, PAGE_KINDS, usual.pages),
    campaigns: texts(wall.campaigns) ?? [],
    figures: known(
      wall.figures,
      COLUMNS.map((one) => one.id),
      USUAL_FIGURES,
    ).slice(0, MOST_FIGURES),
    everySecs: Number.isFinite(secs)
      ? Math.round(Math.min(EVERY.most, Math.max(EVERY.least, secs)))
      : usual.everySecs,
    masked: wall.masked === true,
    look: LOOKS.find((one) => one === wall.look) ?? usual.look,
  };
}

/** The wallboards as they were kept. */
export function wallsFrom(kept: unknown): Wall[] {
  return Array.isArray(kept) ? kept.flatMap((one) => wallFrom(one) ?? []) : [];
}

/** Those with something red first, then those with something amber, otherwise as they are: so that a row goes to another
 *  place only when it becomes better or worse. */
export function worstFirst(
  rows: Campaign[],
  figures: readonly string[],
  limits: Limits,
  now: number,
): Campaign[] {
  const columns = shownColumns(figures);
  const rank = (campaign: Campaign) => {
    const levels = columns.map((column) => figureOf(column, campaign, 'answered', limits, now, 'en').level);
    return levels.includes('bad') ? 0 : levels.includes('warn') ? 1 : 2;
  };
  const ranks = new Map(rows.map((row) => [row, rank(row)]));
  return [...rows].sort((a, b) => (ranks.get(a) ?? 2) - (ranks.get(b) ?? 2));
}

/** Its campaigns in the order they were chosen; every inbound one by name. */
export function campaignsOf(wall: Wall, all: Campaign[]): Campaign[] {
  if (wall.campaigns.length) {
    const byName = new Map(all.map((one) => [one.name, one]));
    return wall.campaigns.flatMap((name) => byName.get(name) ?? []);
  }
  return all.filter((one) => one.direction === 'inbound').sort((a, b) => byName(a.label, b.label));
}

/** The people of its campaigns, each once; everybody where none were chosen, whichever way they call. */
export function peopleOf(wall: Wall, campaigns: Campaign[], agents: Agent[]): Agent[] {
  return wall.campaigns.length ? peopleIn(campaigns, agents) : agents;
}

/** Every page, long ones in parts of equal size: ten rows are five and five, not nine and one. */
export function pagesOf(wall: Wall, rows: number): WallPage[] {
  return wall.pages.flatMap((kind): WallPage[] => {
    if (kind !== 'campaigns') return [{ kind, from: 0 }];
    const parts = Math.max(1, Math.ceil(rows / ROWS));
    return Array.from({ length: parts }, (_, part) => ({ kind, from: part * Math.ceil(rows / parts) }));
  });
}

/** How many rows of a list stand on each of its pages. */
export const rowsEach = (rows: number): number =>
  Math.max(1, Math.ceil(rows / Math.max(1, Math.ceil(rows / ROWS))));

export interface Beyond {
  agent: Agent;
  secs: number;
  level: Level;
}

/** People beyond a limit of their state, the worst and longest first. */
export function beyondLimits(
  agents: Agent[],
  wrapUps: ReadonlyMap<string, number | null>,
  limits: Limits,
  now: number,
): Beyond[] {
  const found = agents.flatMap((agent): Beyond[] => {
    const secs = since(agent.stateSinceMs, now);
    const level = limits.inState(agent, secs, wrapUps.get(mainCampaign(agent) ?? '') ?? null);
    return secs !== null && (level === 'bad' || level === 'warn') ? [{ agent, secs, level }] : [];
  });
  return found.sort(
    (a, b) =>
      Number(b.level === 'bad') - Number(a.level === 'bad') ||
      b.secs - a.secs ||
      (a.agent.location < b.agent.location ? -1 : 1),
  );
}

/** A person's initials. */
export const initials = (name: string): string =>
  name
    .split(/\s+/)
    .filter((part) => part !== '')
    .map((part) => `${[...part][0]?.toUpperCase() ?? ''}.`)
    .join(' ');

/** How far the picture stands off its place at a minute, pixels: a slow walk, so that no line burns into a screen. */
export function drift(minute: number): { x: number; y: number } {
  const turn = (2 * Math.PI * (minute % 16)) / 16;
  return { x: Math.round(6 * Math.cos(turn)), y: Math.round(6 * Math.sin(turn)) };
}
