// The wallboards of this computer, as the main window keeps and opens them.
import type { Host, Problem } from '../host/host';
import { asProblem } from '../host/host';
import { t } from './i18n.svelte';
import type { SettingsState } from './settings.svelte';
import { newWall, type Wall, wallsFrom } from './walls';

export class WallsList {
  problem = $state.raw<Problem | null>(null);

  constructor(
    private readonly host: Host,
    private readonly settings: SettingsState,
  ) {}

  list = $derived.by(() => wallsFrom(this.settings.value?.walls));

  keep(walls: Wall[]): void {
    void this.settings.change({ walls });
  }

  /** A new one that shows what most want to see. */
  add(name: string): Wall {
    const wall = newWall(crypto.randomUUID(), name);
    this.keep([...this.list, wall]);
    return wall;
  }

  /** Takes it off the list, and its window off the screen. */
  remove(wall: Wall): void {
    this.keep(this.list.filter((one) => one.id !== wall.id));
    void this.#attempt(this.host.ask('wall_close', { id: wall.id }));
  }

  /** Opens its window, or brings it to the front. */
  show(wall: Wall): Promise<void> {
    return this.#attempt(
      this.host.ask('wall_show', { id: wall.id, title: `${wall.name} · ${t('app_name')}` }),
    );
  }

  async #attempt(asked: Promise<unknown>): Promise<void> {
    this.problem = null;
    try {
      await asked;
    } catch (error) {
      this.problem = asProblem(error);
    }
  }
}
