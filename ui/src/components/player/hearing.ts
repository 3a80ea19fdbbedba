// The speeds offered, and the keys that choose how a recording is heard.
import type { PlayerState } from '../../lib/state/player.svelte';
import type { Binding } from '../../lib/state/keys.svelte';
import { t } from '../../lib/state/i18n.svelte';

/** How much closer or further off one turn looks. */
export const ZOOM_STEP = 1.6;

export const SPEEDS = [0.5, 0.75, 1, 1.25, 1.5, 1.75, 2, 2.5, 3];

/** The next speed up or down from one that need not be among those offered; the same at the ends. */
export function besideSpeed(speed: number, by: 1 | -1): number {
  const next =
    by > 0 ? SPEEDS.find((one) => one > speed + 0.001) : SPEEDS.findLast((one) => one < speed - 0.001);
  return next ?? speed;
}

/** Arrows on a slider turn it; they must not seek as well. */
export function sliderKeys(event: KeyboardEvent): void {
  if (/^(Arrow|Page|Home|End)/.test(event.key)) event.stopPropagation();
}

/** By physical position, and by a plain letter where the key is written otherwise. */
export function hearingKeys(player: PlayerState, escape = () => player.clearLoop()): Binding[] {
  const speed = (by: 1 | -1) => () => player.hear({ speed: besideSpeed(player.transport.hearing.speed, by) });
  return [
    { codes: ['BracketLeft', 'KeyD'], shown: '[ D', label: 'keys_slower', run: speed(-1) },
    { codes: ['BracketRight', 'KeyF'], shown: '] F', label: 'keys_faster', run: speed(1) },
    {
      codes: ['Backspace', 'KeyG'],
      shown: '⌫ G',
      label: 'keys_own_speed',
      run: () => player.hear({ speed: 1 }),
    },
    {
      codes: ['KeyV'],
      shown: 'V',
      label: 'keys_level',
      run: () => player.hear({ levelled: !player.transport.hearing.levelled }),
    },
    { codes: ['KeyA'], shown: 'A', label: 'keys_loop_from', run: () => player.mark('a') },
    { codes: ['KeyB'], shown: 'B', label: 'keys_loop_to', run: () => player.mark('b') },
    {
      codes: ['Equal', 'Shift+Equal', 'NumpadAdd', 'KeyI'],
      shown: '+ I',
      label: 'wave_zoom_in',
      run: () => player.zoom(ZOOM_STEP),
    },
    {
      codes: ['Minus', 'NumpadSubtract', 'KeyO'],
      shown: '− O',
      label: 'wave_zoom_out',
      run: () => player.zoom(1 / ZOOM_STEP),
    },
    { codes: ['Escape'], shown: 'Esc', label: 'keys_escape', run: escape },
    { codes: ['KeyZ'], shown: 'Z', label: 'keys_zoom_loop', run: () => player.zoomLoop() },
    { codes: ['Digit0', 'Numpad0'], shown: '0', label: 'player_from_start', run: () => player.fromStart() },
    {
      codes: ['Shift+KeyS'],
      shown: '⇧ S',
      label: 'hearing_save',
      run: () => void player.save(t('hearing_save')),
    },
    {
      codes: ['KeyS'],
      shown: 'S',
      label: 'keys_skip_silence',
      run: () => player.hear({ skipSilence: !player.transport.hearing.skipSilence }),
    },
  ];
}
