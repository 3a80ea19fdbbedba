// The rows of the floor's tables, made of what is known: added up, in order, put together. Pure; what is looked at, and how,
// is the floor's (`floor.svelte`).
import { COLUMNS, NO_OUTLOOK } from '../campaign-columns';
import { fold, label } from '../format';
import type { Agent, AgentState, Campaign, Team } from '../host/host';
import { type LevelKind, totalLevel } from '../levels';
import { byName } from '../names';
import type { OutlookOf } from './ahead.svelte';
import type { AgentGroup, AgentSort, CampaignSort } from './floor-view';

/** What needs an eye first comes first. */
const URGENCY: AgentState[] = [
  'paused',
  'ringing',
  'busy',
  'busyPaused',
  'onHold',
  'wrapUp',
  'available',
  'unknown',
  'offline',
];

/** A row of the agents' list: a person, or the head of those who belong together. */
export type AgentRow =
  | { kind: 'agent'; key: string; agent: Agent }
  | {
      kind: 'group';
      key: string;
      name: string;
      count: number;
      /** How many are in each state, those states that anybody is in, in the order of their urgency. */
      states: { state: AgentState; count: number }[];
      folded: boolean;
    };

export interface Totals {
  waiting: number | null;
  longestSinceMs: number | null;
  /** Not known where there is no campaign whose people they would be. */
  available: number | null;
  onCall: number | null;
  serviceLevel: number | null;
  abandonRate: number | null;
}

function sum(values: (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length ? known.reduce((a, b) => a + b, 0) : null;
}

/** The people of campaigns, each once. */
export function peopleIn(campaigns: Campaign[], agents: Agent[]): Agent[] {
  const names = new Set(campaigns.map((campaign) => campaign.name));
  return agents.filter((agent) => agent.campaigns.some((name) => names.has(name)));
}

/** Of campaigns and their people; the service level weighted by calls, never an average of averages. */
export function totals(campaigns: Campaign[], people: Agent[], level: LevelKind = 'answered'): Totals {
  const inbound = campaigns.filter((campaign) => campaign.direction === 'inbound');
  const counted = inbound.filter((campaign) => campaign.answered !== null && campaign.abandoned !== null);
  const gone = sum(counted.map((campaign) => campaign.abandoned));
  const offered = sum(counted.map((campaign) => (campaign.answered ?? 0) + (campaign.abandoned ?? 0)));
  const waits = inbound.map((campaign) => campaign.longestWaitSinceMs).filter((ms) => ms !== null);
  let [available, onCall] = [0, 0];
  for (const { state } of people) {
    if (state === 'available') available += 1;
    else if (state === 'busy' || state === 'busyPaused' || state === 'onHold') onCall += 1;
  }
  const among = (some: number) => (campaigns.length ? some : null);
  return {
    waiting: sum(inbound.map((campaign) => campaign.waiting)),
    longestSinceMs: waits.length ? Math.min(...waits) : null,
    available: among(available),
    onCall: among(onCall),
    serviceLevel: totalLevel(campaigns, level),
    abandonRate: offered && gone !== null ? (100 * gone) / offered : null,
  };
}

const UNKNOWN_LAST = Number.NEGATIVE_INFINITY;

function campaignKey(
  campaign: Campaign,
  sort: CampaignSort,
  level: LevelKind,
  ahead: OutlookOf,
): number | string {
  if (sort === 'name') return fold(campaign.label);
  if (sort === 'longest') {
    // The moment, not the seconds: rows must not trade places with every poll.
    const waits = campaign.longestWaitSinceMs;
    return waits === null ? UNKNOWN_LAST : -waits;
  }
  const column = COLUMNS.find((one) => one.id === sort);
  return column?.value(campaign, level, ahead) ?? UNKNOWN_LAST;
}

/** Inbound before outbound where a figure only means something for one; ties by name, so that rows do not dance. */
export function sortCampaigns(
  rows: Campaign[],
  sort: CampaignSort,
  down: boolean,
  level: LevelKind = 'answered',
  ahead: OutlookOf = NO_OUTLOOK,
): Campaign[] {
  const turned = down ? -1 : 1;
  const keys = new Map(rows.map((row) => [row, campaignKey(row, sort, level, ahead)]));
  return [...rows].sort((a, b) => {
    if (a.direction !== b.direction && sort !== 'name') return a.direction === 'inbound' ? -1 : 1;
    const [x, y] = [keys.get(a) ?? UNKNOWN_LAST, keys.get(b) ?? UNKNOWN_LAST];
    if (x !== y) {
      if (x === UNKNOWN_LAST) return 1;
      if (y === UNKNOWN_LAST) return -1;
      return (x < y ? -1 : 1) * turned;
    }
    return a.name < b.name ? -1 : 1;
  });
}

/** The campaign an agent stands with: that of the call, or the first; `null` for nobody's. */
export function mainCampaign(agent: Agent): string | null {
  return agent.callCampaign ?? agent.campaigns[0] ?? null;
}

/** By the campaign they stand with; those in another queue's call, and those of none, after the others. */
function byWhere(a: Agent, b: Agent): number {
  const key = (agent: Agent) => {
    const main = agent.inCallHere === false ? null : mainCampaign(agent);
    return main === null ? '\uffff' : fold(label(main));
  };
  const [x, y] = [key(a), key(b)];
  return x === y ? 0 : x < y ? -1 : 1;
}

type Order = (a: Agent, b: Agent) => number;

/** The order of agents; nobody is in the place of another. */
function agentOrder(sort: AgentSort, down: boolean): Order {
  const turned = down ? -1 : 1;
  const byLocation: Order = (a, b) => (a.location < b.location ? -1 : 1);
  // The longest in a state began first.
  const began = (agent: Agent) => agent.stateSinceMs ?? Number.POSITIVE_INFINITY;
  const urgency = Object.fromEntries(URGENCY.map((state, at) => [state, at]));
  switch (sort) {
    case 'name':
      return (a, b) => byName(a.name, b.name) * turned || byLocation(a, b);
    case 'where':
      return (a, b) => byWhere(a, b) * turned || byLocation(a, b);
    case 'calls':
      return (a, b) => ((a.callsTaken ?? -1) - (b.callsTaken ?? -1)) * turned || byLocation(a, b);
    case 'since':
      return (a, b) => (began(b) - began(a)) * turned || byLocation(a, b);
    case 'state':
      return (a, b) => {
        const order = (urgency[a.state] ?? -1) - (urgency[b.state] ?? -1);
        return order * turned || began(a) - began(b) || byLocation(a, b);
      };
  }
}

export function sortAgents(rows: Agent[], sort: AgentSort, down: boolean): Agent[] {
  return [...rows].sort(agentOrder(sort, down));
}

/** Agents in order, reading after reading: of thousands a few changed, and only those are put in order anew, among the
 *  others. */
export class SortedAgents {
  #by = '';
  #rows: Agent[] = [];

  sorted(rows: Agent[], sort: AgentSort, down: boolean): Agent[] {
    const by = `${sort} ${String(down)}`;
    const there = new Set(rows);
    // Nothing of a reading is ever changed in its place: who changed is another one.
    const kept = by === this.#by ? this.#rows.filter((row) => there.delete(row)) : [];
    const order = agentOrder(sort, down);
    const others = [...there].sort(order);
    const all: Agent[] = [];
    let at = 0;
    for (const row of kept) {
      let other;
      while ((other = others[at]) !== undefined && order(other, row) < 0) {
        all.push(other);
        at += 1;
      }
      all.push(row);
    }
    while (at < others.length) all.push(others[at++] as Agent);
    [this.#by, this.#rows] = [by, all];
    return all;
  }
}

/** Those that are pinned first, otherwise as they are. */
export function pinnedFirst<T>(rows: T[], key: (row: T) => string, pinned: readonly string[]): T[] {
  if (!pinned.length) return rows;
  const there = new Set(pinned);
  const [first, others] = [
    rows.filter((row) => there.has(key(row))),
    rows.filter((row) => !there.has(key(row))),
  ];
  return [...first, ...others];
}

const rowsOf = new WeakMap<Agent, AgentRow>();

/** The same row for the same reading of a person, so that only rows of whom something changed are drawn again. */
function rowOf(agent: Agent): AgentRow {
  let row = rowsOf.get(agent);
  if (!row) {
    row = { kind: 'agent', key: agent.location, agent };
    rowsOf.set(agent, row);
  }
  return row;
}

function statesOf(agents: readonly Agent[]): { state: AgentState; count: number }[] {
  return URGENCY.map((state) => ({
    state,
    count: agents.filter((agent) => agent.state === state).length,
  })).filter((one) => one.count > 0);
}

/** Agents put together, the order within kept; somebody of several campaigns or teams stands with the first of them. Of a
 *  folded group there is only its head. */
export function grouped(
  rows: Agent[],
  by: AgentGroup,
  teams: readonly Team[] = [],
  folded: readonly string[] = [],
): AgentRow[] {
  const people = (list: Agent[]): AgentRow[] => list.map(rowOf);
  if (by === 'none') return people(rows);
  const team = (agent: Agent) => teams.find((one) => one.members.includes(agent.name))?.name ?? '';
  const of = (agent: Agent) =>
    by === 'state' ? agent.state : by === 'team' ? team(agent) : (agent.campaigns[0] ?? '');
  const groups = new Map<string, Agent[]>();
  for (const agent of rows) {
    const name = of(agent);
    const list = groups.get(name);
    if (list) list.push(agent);
    else groups.set(name, [agent]);
  }
  const names = [...groups.keys()];
  if (by === 'state')
    names.sort((a, b) => URGENCY.indexOf(a as AgentState) - URGENCY.indexOf(b as AgentState));
  // Those who belong nowhere come last.
  else names.sort((a, b) => Number(!a) - Number(!b) || byName(a, b));
  return names.flatMap((name) => {
    const list = groups.get(name) ?? [];
    const key = `${by} ${name}`;
    const head: AgentRow = {
      kind: 'group',
      key,
      name,
      count: list.length,
      states: statesOf(list),
      folded: folded.includes(key),
    };
    return head.folded ? [head] : [head, ...people(list)];
  });
}
