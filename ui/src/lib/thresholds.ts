// When a figure needs an eye (amber) or a hand (red). None for service level and abandon on outbound campaigns.
import { asShown, since } from './format';
import type { Agent, Campaign, PauseLimit, Thresholds } from './host/host';
import { type LevelKind, levelOf } from './levels';

export type Level = 'ok' | 'warn' | 'bad' | '';

/** Judged in whole percent, as it is shown: "80 %" is not below a target of 80. */
export function serviceLevel(value: number | null, t: Thresholds): Level {
  if (value === null) return '';
  const shown = asShown(value, 0);
  return shown < t.serviceLevelRed ? 'bad' : shown < t.serviceLevelTarget ? 'warn' : 'ok';
}

/** Judged with one digit after the point, as it is shown. */
export function abandonRate(rate: number | null, t: Thresholds): Level {
  if (rate === null) return '';
  const shown = asShown(rate, 1);
  return shown > t.abandonedRed ? 'bad' : shown > t.abandonedAmber ? 'warn' : '';
}

export function abandoned(campaign: Campaign, t: Thresholds): Level {
  return campaign.direction === 'outbound' ? '' : abandonRate(campaign.abandonRate, t);
}

export function waiting(campaign: Campaign, t: Thresholds): Level {
  const callers = campaign.waiting ?? 0;
  if (campaign.direction === 'outbound' || callers === 0) return '';
  const short = campaign.available !== null && callers > campaign.available;
  if (callers >= t.waitingRed) return 'bad';
  return callers >= t.waitingAmber || (short && callers > 1) ? 'warn' : '';
}

/** Amber from the campaign's own threshold, red from three times it, at most from the set bound. */
export function longestWait(secs: number | null, campaign: Campaign, t: Thresholds): Level {
  if (secs === null || campaign.direction === 'outbound') return '';
  const amber = campaign.serviceLevelThresholdSecs ?? 20;
  const red = Math.min(3 * amber, t.longestWaitRedMaxSecs);
  return secs >= red ? 'bad' : secs >= amber ? 'warn' : '';
}

/** Whether any of a campaign's figures needs a hand. */
export function redCampaign(campaign: Campaign, now: number, level: LevelKind, t: Thresholds): boolean {
  const levels = [
    waiting(campaign, t),
    longestWait(since(campaign.longestWaitSinceMs, now), campaign, t),
    abandoned(campaign, t),
    campaign.direction === 'outbound' ? '' : serviceLevel(levelOf(campaign, level).value, t),
  ];
  return levels.includes('bad');
}

/** Amber from four fifths of what is allowed of a reason in a day, red beyond it. */
export function pauseLevel(secs: number, mostMins: number | null): Level {
  if (mostMins === null) return '';
  return secs > 60 * mostMins ? 'bad' : secs >= 48 * mostMins ? 'warn' : '';
}

const worst = (levels: Level[]): Level =>
  levels.includes('bad') ? 'bad' : levels.includes('warn') ? 'warn' : '';

/** A pause by its reason's own limits where it has any; otherwise by the limits of all. */
function inPause(agent: Agent, secs: number, t: Thresholds, allowed: readonly PauseLimit[]): Level {
  const reason = agent.pauseReason?.toLowerCase();
  const own = allowed.find((one) => one.reason.toLowerCase() === reason);
  if (own && (own.onceMins !== null || own.totalMins !== null)) {
    const today = secs + (agent.pauseBeforeSecs ?? 0);
    return worst([pauseLevel(secs, own.onceMins), pauseLevel(today, own.totalMins)]);
  }
  return secs >= 60 * t.pauseRedMins ? 'bad' : secs >= 60 * t.pauseAmberMins ? 'warn' : '';
}

export function inState(
  agent: Agent,
  secs: number | null,
  wrapUpSecs: number | null,
  t: Thresholds,
  allowed: readonly PauseLimit[] = [],
): Level {
  if (secs === null) return '';
  const level = (amber: number, red: number): Level => (secs >= red ? 'bad' : secs >= amber ? 'warn' : '');
  switch (agent.state) {
    case 'paused':
      return inPause(agent, secs, t, allowed);
    case 'busy':
    case 'busyPaused':
    case 'onHold':
      return level(60 * t.callAmberMins, 60 * t.callRedMins);
    case 'wrapUp':
      return wrapUpSecs ? level(wrapUpSecs, 2 * wrapUpSecs) : '';
    default:
      return '';
  }
}
