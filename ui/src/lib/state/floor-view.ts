// How the floor is looked at: sorting, filters, columns. Kept as one value, also under a name, also in a file; whatever an
// older or newer program wrote, what is known of it is taken and the rest is as usual.
import type { Named, NamedList, Shelf } from './named';
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

/** Percent of the width that are the agents', at least and at most. */
export const SPLIT = { least: 22, most: 70 };
/** A share of the width within its limits, to a tenth of a percent; null when it is none. */
export function boundedSplit(percent: number): number | null {
  if (!Number.isFinite(percent)) return null;
  return Math.round(Math.min(SPLIT.most, Math.max(SPLIT.least, percent)) * 10) / 10;
}
/** More groups than anybody folds. */
const MOST_FOLDED = 1000;

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
  /** Groups of which only the head is shown, by the key of that. */
  folded: string[];
  /** The agents' share of the room, percent of its width; null: as usual. */
  split: number | null;
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
  folded: [],
  split: null,
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
    folded: texts(view.folded, []).slice(0, MOST_FOLDED),
    split: typeof view.split === 'number' ? boundedSplit(view.split) : null,
    team: typeof view.team === 'string' ? view.team : null,
    campaignSearch: text(view.campaignSearch, ''),
    agentSearch: text(view.agentSearch, ''),
    selected: typeof view.selected === 'string' ? view.selected : null,
  };
}

/** A view under a name. */
export interface SavedView extends Named {
  view: FloorView;
}

export type SavedViews = NamedList<SavedView>;

export const VIEWS: Shelf<SavedView> = {
  kind: 'atalaya-floor-views',
  field: 'views',
  read: ({ view }) => ({ view: viewFrom(view) }),
};
