// The speeds offered, and the keys that choose how a recording is heard.
import type { PlayerState } from '../../lib/state/player.svelte';
import type { Runs } from '../../lib/state/keys.svelte';
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

export function seekingKeys(player: PlayerState): Runs {
  const seek = (secs: number) => () => player.seekBy(secs);
  return {
    'player.back10': seek(-10),
    'player.on10': seek(10),
    'player.back5': seek(-5),
    'player.on5': seek(5),
    'player.back1': seek(-1),
    'player.on1': seek(1),
  };
}

export function hearingKeys(player: PlayerState, escape = () => player.clearLoop()): Runs {
  const speed = (by: 1 | -1) => () => player.hear({ speed: besideSpeed(player.transport.hearing.speed, by) });
  return {
    'player.slower': speed(-1),
    'player.faster': speed(1),
    'player.ownSpeed': () => player.hear({ speed: 1 }),
    'player.skipSilence': () => player.hear({ skipSilence: !player.transport.hearing.skipSilence }),
    'player.level': () => player.hear({ levelled: !player.transport.hearing.levelled }),
    'player.loopFrom': () => player.mark('a'),
    'player.loopTo': () => player.mark('b'),
    'player.zoomIn': () => player.zoom(ZOOM_STEP),
    'player.zoomOut': () => player.zoom(1 / ZOOM_STEP),
    'player.escape': escape,
    'player.zoomLoop': () => player.zoomLoop(),
    'player.fromStart': () => player.fromStart(),
    'player.save': () => void player.save(t('hearing_save')),
  };
}
