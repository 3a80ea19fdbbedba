// Who could be added to a campaign, and what it costs where they sit now. Worked out from the picture on show alone: who is
// available and in no way of this campaign, and of each one's own campaigns how many available people remain for the
// callers they had in the last half hour. Left out on purpose: sending anything.
import type { Agent, Campaign } from './host/host';

/** What leaves a campaign when somebody of it is busy elsewhere. */
export interface Cost {
  campaign: Campaign;
  /** Available there now, and once the candidate and those chosen before them are not; `null` unknown. */
  now: number | null;
  then: number | null;
}

export interface Candidate {
  agent: Agent;
  /** Of each campaign they serve, the one that has least left first. */
  costs: Cost[];
  /** Available people that remain for each caller of the last half hour, where least remain; `null` unknown. */
  remaining: number | null;
}

const MINUTES = 30;

/** Callers of the last half hour; `null` before they are known. */
export function callers(campaign: Campaign): number | null {
  const rolling = campaign.rolling.find((one) => one.minutes === MINUTES);
  return rolling ? rolling.answered + rolling.abandoned : null;
}

/** What remains for each caller: with no caller at all, every one who remains is to spare. */
function remaining(cost: Cost): number | null {
  const calls = callers(cost.campaign);
  if (cost.then === null || calls === null) return null;
  return cost.then / Math.max(1, calls);
}

const least = (values: (number | null)[]): number | null =>
  values.some((value) => value === null) ? null : Math.min(Infinity, ...(values as number[]));

/** Unknown comes after everything known. */
const up = (a: number | null, b: number | null) => (a ?? -1) - (b ?? -1);

/** What it costs when this one answers calls elsewhere, besides those already chosen. */
export function costOf(
  agent: Agent,
  campaigns: ReadonlyMap<string, Campaign>,
  chosen: readonly Agent[] = [],
): Cost[] {
  const here = agent.campaigns.map((name) => campaigns.get(name)).filter((one) => one !== undefined);
  const inbound = here.filter((one) => one.direction === 'inbound');
  const costs = (inbound.length ? inbound : here).map((campaign): Cost => {
    const gone = chosen.filter(
      (one) => one.location !== agent.location && one.campaigns.includes(campaign.name),
    ).length;
    const now = campaign.available;
    return { campaign, now, then: now === null ? null : Math.max(0, now - gone - 1) };
  });
  return costs.sort(
    (a, b) => up(remaining(a), remaining(b)) || a.campaign.name.localeCompare(b.campaign.name),
  );
}

/**
 * Everybody who could take calls of `campaign` at once, those first whose own campaigns keep most; behind them those in
 * wrap-up, who will be free in a moment.
 */
export function candidates(
  campaign: Campaign,
  campaigns: readonly Campaign[],
  agents: readonly Agent[],
): Candidate[] {
  const named = new Map(campaigns.map((one) => [one.name, one]));
  const free = agents.filter(
    (one) => (one.state === 'available' || one.state === 'wrapUp') && !one.campaigns.includes(campaign.name),
  );
  const all = free.map((agent): Candidate => {
    const costs = costOf(agent, named);
    return { agent, costs, remaining: least(costs.map(remaining)) };
  });
  const waiting = (one: Candidate) => (one.agent.state === 'available' ? 0 : 1);
  return all.sort(
    (a, b) =>
      waiting(a) - waiting(b) ||
      up(b.remaining, a.remaining) ||
      (a.agent.stateSinceMs ?? 0) - (b.agent.stateSinceMs ?? 0) ||
      a.agent.location.localeCompare(b.agent.location),
  );
}
