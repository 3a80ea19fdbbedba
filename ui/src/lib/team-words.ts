// What a desk does in its team, in words.
import type { TeamState } from './host/host';
import { t } from './state/i18n.svelte';

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
