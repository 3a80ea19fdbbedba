// The service level in the form a person chose: four of the day, three of the last minutes.
import type { Campaign } from './host/host';

export const LEVELS = ['answered', 'both', 'offered', 'patient', 'last15', 'last30', 'last60'] as const;
export type LevelKind = (typeof LEVELS)[number];

export interface ShownLevel {
  /** Percent; null when there were no calls to speak of. */
  value: number | null;
  /** Points it may be off by; null where the server's own figure is shown. */
  plusMinus: number | null;
  /** The calls it is a percentage of: the weight in a total. */
  calls: number;
  /** Minutes watched of the window asked for; null for a figure of the day. */
  covered: number | null;
}

const DAY = { plusMinus: null, covered: null };

export function levelOf(campaign: Campaign, kind: LevelKind): ShownLevel {
  const answered = campaign.answered ?? 0;
  const offered = answered + (campaign.abandoned ?? 0);
  switch (kind) {
    case 'answered':
      return { value: campaign.serviceLevel, calls: answered, ...DAY };
    case 'both':
      return { value: campaign.serviceLevel2, calls: offered, ...DAY };
    case 'offered':
      return { value: campaign.serviceLevelOffered, calls: offered, ...DAY };
    case 'patient':
      return { value: campaign.serviceLevelPatient, calls: offered, ...DAY };
    default: {
      const minutes = Number(kind.slice(4));
      const window = campaign.rolling.find((one) => one.minutes === minutes);
      return {
        value: window?.serviceLevel ?? null,
        plusMinus: window?.plusMinus ?? null,
        calls: window?.answered ?? 0,
        covered: window?.coveredMinutes ?? 0,
      };
    }
  }
}

/** The kind as it was kept, whatever an older or newer program wrote. */
export function levelKind(kept: unknown): LevelKind {
  return LEVELS.find((kind) => kind === kept) ?? 'answered';
}

/** Weighted by calls, never an average of averages. */
export function totalLevel(campaigns: Campaign[], kind: LevelKind): number | null {
  let [calls, within] = [0, 0];
  for (const campaign of campaigns) {
    if (campaign.direction === 'outbound') continue;
    const level = levelOf(campaign, kind);
    if (level.value === null || !level.calls) continue;
    calls += level.calls;
    within += (level.value * level.calls) / 100;
  }
  return calls ? (100 * within) / calls : null;
}
