// When a figure needs an eye (amber) or a hand (red). None for service level and abandon on outbound campaigns.
import type { Agent, Campaign, Thresholds } from './host/host';

export type Level = 'ok' | 'warn' | 'bad' | '';

export function serviceLevel(value: number | null, t: Thresholds): Level {
  if (value === null) return '';
  return value < t.serviceLevelRed ? 'bad' : value < t.serviceLevelTarget ? 'warn' : 'ok';
}

export function abandoned(campaign: Campaign, t: Thresholds): Level {
  const rate = campaign.abandonRate;
  if (rate === null || campaign.direction === 'outbound') return '';
  return rate > t.abandonedRed ? 'bad' : rate > t.abandonedAmber ? 'warn' : '';
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

export function inState(agent: Agent, secs: number | null, wrapUpSecs: number | null, t: Thresholds): Level {
  if (secs === null) return '';
  const level = (amber: number, red: number): Level => (secs >= red ? 'bad' : secs >= amber ? 'warn' : '');
  switch (agent.state) {
    case 'paused':
      return level(60 * t.pauseAmberMins, 60 * t.pauseRedMins);
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
