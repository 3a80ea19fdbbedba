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
    return t('player_cut', { at: clock(endsAtSecs), of: clock(meantToLastSecs) });
  // Played by itself: nobody asked the server to convert it.
  if (trouble.code === 'notFoundAnywhere' && !player.converted) return t('locate_not_converted');
  return i18n.problem(trouble);
}
