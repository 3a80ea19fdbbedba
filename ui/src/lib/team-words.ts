// What a desk does in its team, in words.
import type { TeamNews, TeamAsker, TeamState, TeamTold } from './host/host';
import type { ServerTime } from './state/server-time';
import { t, type TextKey } from './state/i18n.svelte';

export function partText(state: TeamState | null): string {
  if (!state) return t('team_part_none');
  switch (state.part) {
    case 'joining':
      return t('team_part_joining');
    case 'asks':
      return t('team_part_asks');
    case 'follows':
      return t('team_part_follows');
    case 'waits':
      return t('team_part_waits');
    case 'apart':
      return t('team_part_apart');
  }
}

/** In the little room beside the floor's health. */
export function shortText(state: TeamState): string {
  switch (state.part) {
    case 'joining':
      return t('team_short_joining');
    case 'asks':
      return t('team_short_asks', { desks: state.desks });
    case 'follows':
      return t('team_short_follows', { person: state.asker?.person ?? '–' });
    case 'waits':
      return t('team_short_waits');
    case 'apart':
      return t('team_short_apart');
  }
}

export function askerText(asker: TeamAsker, time: ServerTime): string {
  return t(asker.me ? 'team_asker_me' : 'team_asker_is', {
    person: asker.person,
    machine: asker.machine,
    at: time.time(asker.sinceMs, false),
  });
}

/** Everything there is to tell of it, a line each. */
export function toldText(state: TeamState, time: ServerTime): string {
  const lines = [`${t('team_part')} ${partText(state)}.`];
  if (state.asker)
    lines.push(
      `${t(state.awaySinceMs === null ? 'team_asker' : 'team_asked')}: ${askerText(state.asker, time)}`,
    );
  const { awaySinceMs, desks, lagMs } = state;
  if (awaySinceMs !== null) lines.push(`${t('team_away_since')}: ${time.time(awaySinceMs, false)}`);
  else lines.push(`${t('team_desks')}: ${desks}`);
  if (awaySinceMs === null && lagMs !== null) lines.push(`${t('team_lag')}: ${t('team_ms', { ms: lagMs })}`);
  return lines.join('\n');
}

/** In one line, for whoever is asked for help. */
export function diagnosed(told: TeamTold): string {
  if (told.address === null) return t('diag_team_none');
  const { state } = told;
  const lag = state && state.lagMs !== null && `${t('team_lag')}: ${t('team_ms', { ms: state.lagMs })}`;
  const parts = state
    ? [partText(state), t('diag_team_epoch', { epoch: state.epoch, desks: state.desks }), lag]
    : [partText(null)];
  return [told.label, ...parts, (told.problem ?? state?.problem)?.code].filter(Boolean).join(' · ');
}

const ABOUT: Record<string, TextKey> = {
  card: 'team_about_card',
  worklist: 'team_about_worklist',
  entry: 'team_about_worklist',
  claim: 'team_about_claim',
  review: 'team_about_review',
  feedback: 'team_about_review',
  note: 'team_about_note',
  calibration: 'team_about_calibration',
  judged: 'team_about_calibration',
  house: 'team_about_house',
};

/** Why a change does not hold, or what happened beside it. */
export function whyText({ why, who, about, versions }: TeamNews): string {
  const what = t(ABOUT[about] ?? 'team_about_other');
  switch (why) {
    case 'notTheirs':
      return t('team_why_theirs', { what, who });
    case 'over':
      return t('team_why_over', { what });
    case 'held':
      return t('team_why_held', { what, who });
    case 'removed':
    case 'nothing':
      return t('team_why_removed', { what });
    case 'leadOnly':
      return t('team_why_lead', { what });
    case 'meanwhile':
      return t('team_why_meanwhile', {
        card: who,
        mine: versions[0] ?? '–',
        others: versions.slice(1).join(', '),
      });
    case 'first':
      return t('team_why_first', { what });
    default:
      return t('team_why_not', { what, who });
  }
}
