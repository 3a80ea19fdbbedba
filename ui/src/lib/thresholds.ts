// When a figure needs an eye (amber) or a hand (red), by the rules that raise alerts too. None for waits, service level and
// abandoned calls of outbound campaigns.
import { asShown, since } from './format';
import type { Agent, Campaign, Measure, PauseLimit, Rule, Team } from './host/host';
import { type LevelKind, levelOf } from './levels';

export type Level = 'ok' | 'warn' | 'bad' | '';

/** A campaign that does not say how soon a call should be answered goes by so many seconds. */
const USUAL_THRESHOLD_SECS = 20;
/** What of an allowed pause is amber. */
const AMBER_OF_ALLOWED = 0.8;

const worst = (levels: Level[]): Level =>
  levels.includes('bad') ? 'bad' : levels.includes('warn') ? 'warn' : '';

/** Amber from four fifths of what is allowed of a reason in a day, red from all of it. */
export function pauseLevel(secs: number, mostMins: number | null): Level {
  if (mostMins === null) return '';
  const most = 60 * mostMins;
  return secs >= most ? 'bad' : secs >= AMBER_OF_ALLOWED * most ? 'warn' : '';
}

/** Judged as it is read: whole percents of a service level, tenths of what was abandoned. */
function passes(measure: Measure, value: number, limit: number): boolean {
  if (measure === 'serviceLevel' || measure === 'serviceLevelRecent') return asShown(value, 0) < limit;
  return measure === 'abandonRate' ? asShown(value, 1) > limit : value >= limit;
}

/** A level of a rule in its measure's unit; null where there is none, or what it is a multiple of is not known. */
export function inUnit(rule: Rule, side: 'warn' | 'bad', scale: number | null): number | null {
  const limit = rule[side];
  if (limit === null || !rule.relative) return limit;
  if (scale === null) return null;
  return rule.atMost === null ? limit * scale : Math.min(limit * scale, rule.atMost);
}

/** How bad a value is by a rule. */
export function judged(rule: Rule, value: number | null, scale: number | null): Level {
  if (value === null) return '';
  const [red, amber] = [inUnit(rule, 'bad', scale), inUnit(rule, 'warn', scale)];
  if (red !== null && passes(rule.measure, value, red)) return 'bad';
  return amber !== null && passes(rule.measure, value, amber) ? 'warn' : '';
}

/** Whether a rule is the one of all, not an exception. */
export const ofAll = (rule: Rule): boolean =>
  rule.campaign === null && rule.team === null && rule.reason === null;

const particular = (rule: Rule): number =>
  (rule.reason === null ? 0 : 4) + (rule.campaign === null ? 0 : 2) + (rule.team === null ? 0 : 1);

const inbound = (campaign: Campaign): boolean => campaign.direction !== 'outbound';

/** The measure a form of the service level goes by. */
const measureOf = (kind: LevelKind): Measure =>
  kind.startsWith('last') ? 'serviceLevelRecent' : 'serviceLevel';

interface Chosen {
  rules: readonly Rule[];
  pauseLimits: readonly PauseLimit[];
  teams: readonly Team[];
}

/** Everything that was chosen, ready to judge by. */
export class Limits {
  readonly #rules = new Map<Measure, Rule[]>();
  readonly #allowed: readonly PauseLimit[];
  readonly #members: ReadonlyMap<string, ReadonlySet<string>>;
  #agents: readonly Agent[] | null = null;
  #worksIn = new Map<string, Set<string>>();

  constructor(
    { rules, pauseLimits, teams }: Chosen,
    private readonly agents: () => readonly Agent[] = () => [],
  ) {
    for (const rule of rules) this.#rules.set(rule.measure, [...(this.#rules.get(rule.measure) ?? []), rule]);
    for (const of of this.#rules.values()) of.sort((a, b) => particular(b) - particular(a));
    this.#allowed = pauseLimits;
    this.#members = new Map(teams.map((team) => [team.id, new Set(team.members)]));
  }

  /** A service level, of a campaign or of all. */
  serviceLevel(value: number | null, kind: LevelKind = 'answered', campaign: Campaign | null = null): Level {
    const rule = this.#ofCampaign(measureOf(kind), campaign);
    return value === null || !rule ? '' : judged(rule, value, null) || 'ok';
  }

  /** What a service level should be, percent. */
  target(kind: LevelKind, campaign: Campaign | null = null): number | null {
    return this.#ofCampaign(measureOf(kind), campaign)?.warn ?? null;
  }

  /** Percent of all campaigns together. */
  abandonRate(rate: number | null): Level {
    const rule = this.#ofCampaign('abandonRate', null);
    return rule ? judged(rule, rate, null) : '';
  }

  abandoned(campaign: Campaign): Level {
    const rule = inbound(campaign) && this.#ofCampaign('abandonRate', campaign);
    return rule ? judged(rule, campaign.abandonRate, null) : '';
  }

  /** Callers waiting: how many, and whether anybody is there for them. */
  waiting(campaign: Campaign): Level {
    if (!inbound(campaign)) return '';
    const many = this.#ofCampaign('waiting', campaign);
    const nobody = campaign.available === 0 && this.#ofCampaign('nobodyAvailable', campaign);
    return worst([
      many ? judged(many, campaign.waiting, null) : '',
      nobody ? judged(nobody, campaign.waiting, null) : '',
    ]);
  }

  longestWait(secs: number | null, campaign: Campaign): Level {
    const rule = inbound(campaign) && this.#ofCampaign('longestWait', campaign);
    return rule ? judged(rule, secs, campaign.serviceLevelThresholdSecs ?? USUAL_THRESHOLD_SECS) : '';
  }

  /** From where a figure of all campaigns together is amber. */
  amber(measure: Measure): number | null {
    return this.#ofCampaign(measure, null)?.warn ?? null;
  }

  /** From where a wait is red in any campaign, seconds. */
  longestRed(): number | null {
    const rule = this.#ofCampaign('longestWait', null);
    return rule ? (rule.relative ? rule.atMost : rule.bad) : null;
  }

  /** Of all campaigns together: red from where it is red in any. */
  longestOfAll(secs: number | null): Level {
    const red = this.longestRed();
    return secs !== null && red !== null && secs >= red ? 'bad' : '';
  }

  /** Whether any of a campaign's figures needs a hand. */
  redCampaign(campaign: Campaign, now: number, kind: LevelKind): boolean {
    const levels = [
      this.waiting(campaign),
      this.longestWait(since(campaign.longestWaitSinceMs, now), campaign),
      this.abandoned(campaign),
      inbound(campaign) ? this.serviceLevel(levelOf(campaign, kind).value, kind, campaign) : '',
    ];
    return levels.includes('bad');
  }

  inState(agent: Agent, secs: number | null, wrapUpSecs: number | null): Level {
    switch (agent.state) {
      case 'paused':
        return this.#inPause(agent, secs);
      case 'busy':
      case 'busyPaused':
        return this.#ofPerson('inCall', agent, secs, null);
      case 'onHold':
        return this.#ofPerson('onHold', agent, secs, null);
      case 'ringing':
        return this.#ofPerson('inRinging', agent, secs, null);
      case 'wrapUp':
        return this.#ofPerson('inWrapUp', agent, secs, wrapUpSecs || null);
      default:
        return '';
    }
  }

  /** A pause by itself, and by all of its reason in the day: by the reason's own limits where it has any. */
  #inPause(agent: Agent, secs: number | null): Level {
    if (secs === null) return '';
    const reason = agent.pauseReason?.toLowerCase();
    const own = this.#allowed.find((one) => one.reason.toLowerCase() === reason);
    const today = agent.pauseBeforeSecs === null ? null : secs + agent.pauseBeforeSecs;
    const of = (measure: Measure, value: number | null, mostMins: number | null | undefined): Level => {
      const rule = this.#rule(measure, (one) => this.#about(one, agent));
      if (value === null) return '';
      const chosen = rule?.reason && (rule.warn ?? rule.bad) !== null;
      if (mostMins && !chosen) return pauseLevel(value, mostMins);
      return rule ? judged(rule, value, null) : '';
    };
    return worst([of('inPause', secs, own?.onceMins), of('pauseTotal', today, own?.totalMins)]);
  }

  #ofPerson(measure: Measure, agent: Agent, secs: number | null, scale: number | null): Level {
    const rule = this.#rule(measure, (one) => this.#about(one, agent));
    return rule ? judged(rule, secs, scale) : '';
  }

  #ofCampaign(measure: Measure, campaign: Campaign | null): Rule | undefined {
    return this.#rule(measure, (rule) => {
      if (campaign === null) return ofAll(rule);
      const named = rule.campaign === null || rule.campaign === campaign.name;
      return named && (rule.team === null || this.#worksInOf(rule.team).has(campaign.name));
    });
  }

  /** The most particular rule that is about something. */
  #rule(measure: Measure, about: (rule: Rule) => boolean): Rule | undefined {
    return this.#rules.get(measure)?.find(about);
  }

  #about(rule: Rule, agent: Agent): boolean {
    return (
      (rule.campaign === null || agent.campaigns.includes(rule.campaign)) &&
      (rule.team === null || (this.#members.get(rule.team)?.has(agent.name) ?? false)) &&
      (rule.reason === null || rule.reason.toLowerCase() === agent.pauseReason?.toLowerCase())
    );
  }

  /** The campaigns any of a team works in; looked up once for each picture of the floor. */
  #worksInOf(team: string): ReadonlySet<string> {
    const agents = this.agents();
    if (agents !== this.#agents) [this.#agents, this.#worksIn] = [agents, new Map()];
    let found = this.#worksIn.get(team);
    if (!found) {
      const members = this.#members.get(team);
      found = new Set(agents.filter((one) => members?.has(one.name)).flatMap((one) => one.campaigns));
      this.#worksIn.set(team, found);
    }
    return found;
  }
}
