// How the floor is looked at: sorting, filters, columns. Kept as one value, also under a name, also in a file; whatever an
// older or newer program wrote, what is known of it is taken and the rest is as usual.
import type { AgentState, Direction } from '../host/host';
import { COLUMNS, USUAL } from '../campaign-columns';
import { boundedWidth, DENSITIES, type Density } from '../columns';
import { type LevelKind, levelKind } from '../levels';

export const STATES: AgentState[] = [
  'available',
  'busy',
  'ringing',
  'onHold',
  'paused',
  'busyPaused',
  'wrapUp',
  'offline',
  'unknown',
];

/** A column's name. */
export type CampaignSort = string;
export const AGENT_SORTS = ['name', 'state', 'since', 'where', 'calls'] as const;
export type AgentSort = (typeof AGENT_SORTS)[number];
export const GROUPS = ['none', 'state', 'campaign', 'team'] as const;
export type AgentGroup = (typeof GROUPS)[number];

export interface FloorView {
  campaignSort: CampaignSort;
  campaignDown: boolean;
  agentSort: AgentSort;
  agentDown: boolean;
  directions: Direction[];
  states: AgentState[];
  hideOffline: boolean;
  /** Which service level is shown. */
  level: LevelKind;
  /** Columns of the campaigns' table, by name, in their order. */
  columns: string[];
  /** Widths somebody gave a column, pixels. */
  widths: Record<string, number>;
  density: Density;
  /** Campaigns that stand first, whatever the order. */
  pinned: string[];
  /** People who stand first, by location. */
  pinnedAgents: string[];
  /** What the agents are put together by. */
  group: AgentGroup;
  /** Only the people of this team. */
  team: string | null;
  campaignSearch: string;
  agentSearch: string;
  /** The campaign whose page is open. */
  selected: string | null;
}

export const DEFAULT_VIEW: FloorView = {
  campaignSort: 'longest',
  campaignDown: true,
  agentSort: 'state',
  agentDown: false,
  directions: [],
  states: [],
  hideOffline: true,
  level: 'answered',
  columns: USUAL,
  widths: {},
  density: 'usual',
  pinned: [],
  pinnedAgents: [],
  group: 'none',
  team: null,
  campaignSearch: '',
  agentSearch: '',
  selected: null,
};

const texts = (value: unknown, usual: string[]) =>
  Array.isArray(value) ? value.filter((one): one is string => typeof one === 'string') : usual;
const text = (value: unknown, usual: string) => (typeof value === 'string' ? value : usual);
const flag = (value: unknown, usual: boolean) => (typeof value === 'boolean' ? value : usual);
const one = <T extends string>(value: unknown, of: readonly T[], usual: T): T =>
  of.find((known) => known === value) ?? usual;

/** A view as it was kept. */
export function viewFrom(kept: unknown): FloorView {
  if (typeof kept !== 'object' || kept === null) return DEFAULT_VIEW;
  const view = kept as Record<keyof FloorView, unknown>;
  const usual = DEFAULT_VIEW;
  const ids = COLUMNS.map((column) => column.id);
  const widths = typeof view.widths === 'object' && view.widths !== null ? Object.entries(view.widths) : [];
  return {
    campaignSort: one(view.campaignSort, ['name', ...ids], usual.campaignSort),
    campaignDown: flag(view.campaignDown, usual.campaignDown),
    agentSort: one(view.agentSort, AGENT_SORTS, usual.agentSort),
    agentDown: flag(view.agentDown, usual.agentDown),
    directions: texts(view.directions, []).filter((way) => way === 'inbound' || way === 'outbound'),
    states: texts(view.states, []).filter((state): state is AgentState =>
      (STATES as string[]).includes(state),
    ),
    hideOffline: flag(view.hideOffline, usual.hideOffline),
    level: levelKind(view.level),
    columns: [...new Set(texts(view.columns, USUAL))].filter((id) => ids.includes(id)),
    widths: Object.fromEntries(
      widths.flatMap(([id, pixels]) =>
        ['name', ...ids].includes(id) && typeof pixels === 'number' && Number.isFinite(pixels)
          ? [[id, boundedWidth(pixels)]]
          : [],
      ),
    ),
    density: one(view.density, Object.keys(DENSITIES) as Density[], usual.density),
    pinned: texts(view.pinned, []),
    pinnedAgents: texts(view.pinnedAgents, []),
    group: one(view.group, GROUPS, usual.group),
    team: typeof view.team === 'string' ? view.team : null,
    campaignSearch: text(view.campaignSearch, ''),
    agentSearch: text(view.agentSearch, ''),
    selected: typeof view.selected === 'string' ? view.selected : null,
  };
}

/** A view under a name. */
export interface SavedView {
  id: string;
  name: string;
  view: FloorView;
}

export interface SavedViews {
  list: SavedView[];
  /** The one the floor opens with; `null`: as it was left. */
  first: string | null;
}

export const NO_VIEWS: SavedViews = { list: [], first: null };
const MOST_VIEWS = 50;
const LONGEST_NAME = 60;

function savedFrom(value: unknown): SavedView[] {
  if (!Array.isArray(value)) return [];
  return value.slice(0, MOST_VIEWS).flatMap((kept: unknown) => {
    if (typeof kept !== 'object' || kept === null) return [];
    const { id, name, view } = kept as Record<string, unknown>;
    const called = text(name, '').trim().slice(0, LONGEST_NAME);
    if (typeof id !== 'string' || !called) return [];
    return [{ id, name: called, view: viewFrom(view) }];
  });
}

/** The saved views as they were kept. */
export function viewsFrom(kept: unknown): SavedViews {
  if (typeof kept !== 'object' || kept === null) return NO_VIEWS;
  const { list, first } = kept as Record<string, unknown>;
  const known = savedFrom(list);
  return { list: known, first: known.find((one) => one.id === first)?.id ?? null };
}

/** With a view added under a name, or in the place of the one of that name. */
export function withView(views: SavedViews, name: string, view: FloorView, id: string): SavedViews {
  const called = name.trim().slice(0, LONGEST_NAME);
  if (!called) return views;
  const there = views.list.find((one) => one.name.toLowerCase() === called.toLowerCase());
  const list = there
    ? views.list.map((one) => (one === there ? { ...one, name: called, view } : one))
    : [...views.list, { id, name: called, view }].slice(-MOST_VIEWS);
  return { ...views, list };
}

export function withoutView(views: SavedViews, id: string): SavedViews {
  return {
    list: views.list.filter((one) => one.id !== id),
    first: views.first === id ? null : views.first,
  };
}

const MARK = 'atalaya-floor-views';

/** The views as a file to hand on. */
export function viewsAsText(views: SavedViews): string {
  return JSON.stringify({ kind: MARK, version: 1, views: views.list }, null, 2);
}

/** With the views of such a file; `null` when it is none. One of the same name is replaced. */
export function viewsFromText(views: SavedViews, text: string): SavedViews | null {
  let read: unknown;
  try {
    read = JSON.parse(text);
  } catch {
    return null;
  }
  if (typeof read !== 'object' || read === null || (read as Record<string, unknown>).kind !== MARK)
    return null;
  const found = savedFrom((read as Record<string, unknown>).views);
  const taken = new Set(views.list.map((one) => one.id));
  return found.reduce((all, one) => {
    const id = taken.has(one.id) ? `${one.id}-${all.list.length}` : one.id;
    return withView(all, one.name, one.view, id);
  }, views);
}
