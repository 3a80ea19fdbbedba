// A wallboard's window: the same floor as the main window's, looked at by nobody's hands. Pages turn by themselves.
import type { Agent, Host, Problem, SessionState } from '../host/host';
import { asProblem, failureOf } from '../host/host';
import { AheadState } from './ahead.svelte';
import { breakage } from './breakage.svelte';
import { FloorState } from './floor.svelte';
import { Limits } from '../thresholds';
import { Session } from './session.svelte';
import { SettingsState } from './settings.svelte';
import {
  campaignsOf,
  initials,
  pagesOf,
  peopleOf,
  rowsEach,
  type Wall,
  type WallPage,
  wallsFrom,
  worstFirst,
} from './walls';

export class WallWindow {
  settings: SettingsState;
  session: Session;
  floor: FloorState;
  readonly ahead: AheadState;
  /** When figures are amber or red. */
  limits = $derived.by(() => {
    const chosen = this.settings.value;
    return chosen ? new Limits(chosen, () => this.floor.agents) : null;
  });
  broken = $state.raw<Problem | null>(null);
  /** Why the window could not be moved or made larger. */
  problem = $state.raw<Problem | null>(null);
  ready = $state(false);
  /** Pages stay as they are. */
  held = $state(false);
  /** Chosen here and now; otherwise as the wallboard says. */
  #masked = $state<boolean | null>(null);
  #page = $state(0);
  /** Whose floor is shown; `null`: nobody's. */
  #account: string | null = null;
  #turnedMs = 0;

  constructor(
    private readonly host: Host,
    readonly id: string,
  ) {
    breakage.writeTo(host);
    this.settings = new SettingsState(host);
    this.session = new Session(host, (state) => this.#follow(state));
    this.floor = new FloorState(host);
    this.ahead = new AheadState(host);
  }

  /** `null` when it was taken off the list. */
  wall = $derived.by(
    (): Wall | null => wallsFrom(this.settings.value?.walls).find((one) => one.id === this.id) ?? null,
  );
  signedIn = $derived.by(() => this.session.state?.signedIn ?? false);
  campaigns = $derived.by(() => (this.wall ? campaignsOf(this.wall, this.floor.campaigns) : []));
  people = $derived.by(() => (this.wall ? peopleOf(this.wall, this.campaigns, this.floor.agents) : []));
  pages = $derived.by((): WallPage[] => (this.wall ? pagesOf(this.wall, this.campaigns.length) : []));
  /** Which page, from 0; it stays inside when pages become fewer. */
  page = $derived.by(() => (this.pages.length ? this.#page % this.pages.length : 0));
  shown = $derived.by((): WallPage | null => this.pages[this.page] ?? null);
  /** What is ahead is among the figures: it is worked out for who looks. */
  looksAhead = $derived.by(() => this.signedIn && (this.wall?.figures.includes('ahead') ?? false));
  /** The campaigns, those that need a hand first. */
  #ordered = $derived.by(() => {
    const { limits } = this;
    if (!this.wall || !limits) return this.campaigns;
    return worstFirst(this.campaigns, this.wall.figures, limits, this.floor.now);
  });
  rows = $derived.by(() => {
    const from = this.shown?.from ?? 0;
    return this.#ordered.slice(from, from + rowsEach(this.campaigns.length));
  });
  /** What the contact centre is called: as somebody chose, or as the server's profile is. */
  centre = $derived.by(
    () => this.settings.value?.centreName || this.session.state?.profile?.name || this.wall?.name || '',
  );
  masked = $derived.by(() => this.#masked ?? this.wall?.masked ?? false);

  async start(now: number): Promise<void> {
    this.#turnedMs = now;
    try {
      await this.settings.start();
      await this.session.start();
      await Promise.all([this.floor.start(), this.settings.follow()]);
    } catch (error) {
      this.broken = asProblem(error);
    }
    this.ready = true;
    await this.host.ask('window_ready', {});
  }

  /** Nobody's figures stay when another account signs in, not for a moment. */
  #follow({ signedIn, profile }: SessionState): void {
    const account = signedIn ? (profile?.id ?? null) : null;
    if (account !== this.#account && this.#account !== null) this.floor.forget();
    this.#account = account;
  }

  /** The window can be seen, or not. */
  hide(hidden: boolean): void {
    this.host.ask('floor_hidden', { hidden }).catch(() => undefined);
  }

  /** All of the screen or not; `null`: the other way than now. */
  fullScreen(full: boolean | null): Promise<void> {
    return this.#trying(this.host.ask('wall_full_screen', { full }));
  }

  nextScreen(): Promise<void> {
    return this.#trying(this.host.ask('wall_next_screen', {}));
  }

  close(): Promise<void> {
    return this.#trying(this.host.ask('wall_close', { id: this.id }));
  }

  async #trying(asked: Promise<unknown>): Promise<void> {
    this.problem = null;
    this.problem = await failureOf(() => asked);
  }

  /** A second passed. */
  beat(now: number): void {
    if (!this.wall || this.held || now - this.#turnedMs < 1000 * this.wall.everySecs) return;
    this.turn(1, now);
  }

  /** Another page, in a ring. */
  turn(by: number, now: number): void {
    const pages = this.pages.length;
    if (pages) this.#page = (((this.page + by) % pages) + pages) % pages;
    this.#turnedMs = now;
  }

  toggleMask(): void {
    this.#masked = !this.masked;
  }

  nameOf(agent: Agent): string {
    return this.masked ? initials(agent.name) : agent.name;
  }

  /** The figures shown are old, or not there yet. */
  get late(): boolean {
    return this.floor.stale || !this.floor.live;
  }
}
