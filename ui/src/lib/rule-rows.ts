// Rules as rows that are typed in: units, who hears, and what is the same.
import type { Hears, Measure, Rule, Severity } from './host/host';

export type UnitWord = 'callers' | 'percent' | 'secs' | 'mins';

/** What a limit is typed in, and how many of its measure's own unit that is. */
interface Unit {
  word: UnitWord;
  of: number;
}

const CALLERS: Unit = { word: 'callers', of: 1 };
const PERCENT: Unit = { word: 'percent', of: 1 };
const SECS: Unit = { word: 'secs', of: 1 };
const MINS: Unit = { word: 'mins', of: 60 };

export const UNITS: Record<Measure, Unit> = {
  waiting: CALLERS,
  longestWait: SECS,
  nobodyAvailable: CALLERS,
  serviceLevel: PERCENT,
  serviceLevelRecent: PERCENT,
  abandonRate: PERCENT,
  redAhead: PERCENT,
  inPause: MINS,
  pauseTotal: MINS,
  inCall: MINS,
  inWrapUp: SECS,
  inRinging: SECS,
  onHold: MINS,
  offline: MINS,
  serverAway: SECS,
};

type Side = 'warn' | 'bad' | 'clear' | 'atMost';

/** How many of a measure's own unit one typed is. */
const scaleOf = (rule: Rule, side: Side): number =>
  rule.relative || side === 'atMost' ? 1 : UNITS[rule.measure].of;

/** A limit as it is typed; empty where there is none. */
export function shownUnit(rule: Rule, side: Side): number | '' {
  const limit = rule[side];
  return limit === null ? '' : Math.round((limit / scaleOf(rule, side)) * 1000) / 1000;
}

/** What a field says, in the measure's own unit: null for an empty one; undefined: no number, and no choice. */
export function typed(rule: Rule, side: Side, text: string, value: number): number | null | undefined {
  if (text === '') return null;
  return Number.isFinite(value) && value >= 0 ? value * scaleOf(rule, side) : undefined;
}

/** Who hears, and from which level on. */
export const HEARERS = ['nobody', 'notice_bad', 'sound_bad', 'notice_warn', 'sound_warn'] as const;
export type Hearer = (typeof HEARERS)[number];

export function hearerOf(rule: Rule): Hearer {
  return rule.hears === 'nobody' ? 'nobody' : `${rule.hears}_${rule.from}`;
}

/** The other way round; from which level stays open where nobody hears. */
export function hearing(chosen: string): { hears: Hears; from?: Severity } {
  const [hears, from] = chosen.split('_');
  if (hears !== 'sound' && hears !== 'notice') return { hears: 'nobody' };
  return { hears, from: from === 'bad' ? 'bad' : 'warn' };
}

/** Whether two rules judge alike; from which level on is nothing where nobody hears. */
export function same(one: Rule, other: Rule): boolean {
  const { warn, bad, clear, atMost, relative, holdSecs, cooldownSecs } = one;
  return (
    [warn, bad, clear, atMost, relative, holdSecs, cooldownSecs].join() ===
      [
        other.warn,
        other.bad,
        other.clear,
        other.atMost,
        other.relative,
        other.holdSecs,
        other.cooldownSecs,
      ].join() && hearerOf(one) === hearerOf(other)
  );
}
