// What the player has to say, in one sentence.
import { clock } from '../../lib/format';
import { i18n, t } from '../../lib/state/i18n.svelte';
import type { PlayerState } from '../../lib/state/player.svelte';

/** What is wrong with the recording; where it ends early, with both times. */
export function troubleText(player: PlayerState): string {
  const { trouble, transport } = player;
  if (!trouble) return '';
  const { endsAtSecs, meantToLastSecs } = transport;
  if (trouble.code === 'truncated' && endsAtSecs !== null && meantToLastSecs !== null)
    return t('hear_cut', { at: clock(endsAtSecs), of: clock(meantToLastSecs) });
  return i18n.problem(trouble);
}
