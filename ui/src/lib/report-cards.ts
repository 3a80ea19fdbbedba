// A shift in six figures, each against what is aimed at and against the same hours a week before, as far as both were watched.
import type { Report } from './host/host';
import { clock, count, DASH, percent } from './format';
import type { TextKey } from './state/i18n.svelte';
import type { Level, Limits } from './thresholds';

type Words = (key: TextKey, params?: Record<string, string | number>) => string;

export interface Card {
  id: 'calls' | 'level' | 'abandoned' | 'longest' | 'occupancy' | 'alerts';
  title: string;
  value: string;
  level: Level;
  /** What is aimed at, in words; null: nothing. */
  aim: string | null;
  /** The same a week before, in words. */
  before: string;
}

interface Sums {
  calls: number | null;
  level: number | null;
  abandoned: number | null;
  longest: number | null;
  occupancy: number | null;
  alerts: number;
}

const HANDLING = ['busy', 'busyPaused', 'onHold', 'wrapUp'];

/** Inbound campaigns together; nothing of what nobody watched. */
export function sums(report: Report): Sums {
  const seen = report.halves.filter((half) => half.seenSecs > 0);
  const answered = seen.reduce((sum, half) => sum + half.came.answered, 0);
  const offered = seen.reduce((sum, half) => sum + half.came.answered + half.came.abandoned, 0);
  const judged = seen.filter((half) => half.came.serviceLevel !== null);
  const weight = judged.reduce((sum, half) => sum + half.came.answered, 0);
  const longest = seen.map((half) => half.longest).filter((secs) => secs !== null);
  const spent = (states: readonly string[]) =>
    report.people.reduce(
      (sum, one) =>
        sum + one.states.reduce((secs, time) => secs + (states.includes(time.state) ? time.secs : 0), 0),
      0,
    );
  const [handling, free] = [spent(HANDLING), spent(['available'])];
  return {
    calls: seen.length ? offered : null,
    level: weight
      ? judged.reduce((sum, half) => sum + (half.came.serviceLevel ?? 0) * half.came.answered, 0) / weight
      : null,
    abandoned: offered ? (100 * (offered - answered)) / offered : null,
    longest: longest.length ? Math.max(...longest) : null,
    occupancy: handling + free ? (100 * handling) / (handling + free) : null,
    alerts: report.alerts.length,
  };
}

export function reportCards(
  report: Report,
  /** The same hours a week before; null when they were not watched. */
  before: Report | null,
  limits: Limits,
  locale: string,
  t: Words,
): Card[] {
  const now = sums(report);
  const then = before?.halves.some((half) => half.seenSecs > 0) ? sums(before) : null;
  const whole = (value: number | null) => count(value, locale);
  const points = (digits: number) => (value: number | null) => percent(value, digits, locale);
  const secs = (value: number | null) => (value === null ? DASH : clock(value));
  const aim = (
    key: TextKey,
    name: string,
    limit: number | null,
    text: (value: number | null) => string,
  ): string | null => (limit === null ? null : t(key, { [name]: text(limit) }));
  const card = (
    id: Card['id'],
    title: string,
    text: (value: number | null) => string,
    level: Level = '',
    aim: string | null = null,
  ): Card => ({
    id,
    title,
    value: text(now[id]),
    level: level === 'ok' ? '' : level,
    aim,
    before: then === null ? t('room_week_none') : t('room_week', { figure: text(then[id]) }),
  });
  return [
    card('calls', t('room_card_calls'), whole),
    card(
      'level',
      t('room_card_level'),
      points(0),
      limits.serviceLevel(now.level),
      aim('room_target', 'target', limits.target('answered'), points(0)),
    ),
    card(
      'abandoned',
      t('measure_abandonRate'),
      points(1),
      limits.abandonRate(now.abandoned),
      aim('room_at_most', 'most', limits.amber('abandonRate'), points(0)),
    ),
    card(
      'longest',
      t('room_longest'),
      secs,
      limits.longestOfAll(now.longest),
      aim('room_at_most', 'most', limits.longestRed(), secs),
    ),
    card('occupancy', t('person_occupancy'), points(0)),
    card('alerts', t('alerts'), whole),
  ];
}
