// The whole window: which view is shown, and everything behind it.
import type { Alert, Call, Host, Problem } from '../host/host';
import { asProblem } from '../host/host';
import { against, matter, subject } from '../alert-text';
import { AlertsState } from './alerts.svelte';
import { callsLookFrom, EMPTY_LOCAL } from './call-list.svelte';
import { CallsState, EMPTY_SEARCH, period } from './calls.svelte';
import { type SavedSearches, SEARCHES } from './saved-searches';
import { FloorState } from './floor.svelte';
import { type FloorView, type SavedViews, viewFrom, VIEWS } from './floor-view';
import { i18n, systemLocale } from './i18n.svelte';
import { namedFrom } from './named';
import { PastState } from './past.svelte';
import { PlayerState } from './player.svelte';
import { QueueState } from './queue.svelte';
import { ReviewState } from './review.svelte';
import { SavingState } from './saving.svelte';
import { Session } from './session.svelte';
import { SettingsState } from './settings.svelte';
import { TagsState } from './tags.svelte';
import { WallsList } from './walls-list.svelte';

export type View = 'floor' | 'calls' | 'review' | 'settings';

export class App {
  view = $state<View>('floor');
  /** Why the program behind the window could not start. */
  broken = $state.raw<Problem | null>(null);
  session: Session;
  settings: SettingsState;
  floor: FloorState;
  calls: CallsState;
  player: PlayerState;
  queue: QueueState;
  saving: SavingState;
  tags: TagsState;
  alerts: AlertsState;
  walls: WallsList;
  review: ReviewState;
  past: PastState;
  signedIn = $derived.by(() => this.session.state?.signedIn ?? false);

  constructor(readonly host: Host) {
    this.session = new Session(host);
    this.settings = new SettingsState(host);
    this.floor = new FloorState(
      host,
      (view) => void this.settings.change({ floorView: view }),
      () => this.settings.value?.teams ?? [],
    );
    this.walls = new WallsList(host, this.settings);
    this.past = new PastState(host, this.floor);
    this.calls = new CallsState(
      host,
      (look) => void this.settings.change({ callsView: look }),
      (guids) => void this.tags.learn(guids),
    );
    this.player = new PlayerState(host, (parts) => this.settings.know(parts));
    this.queue = new QueueState(
      this.calls,
      () => this.player.call,
      () => this.settings.value?.autoAdvance ?? false,
      // Nobody asked for this very recording: the server is not asked to convert it.
      (call) => void this.#hear(call, false),
    );
    this.player.onend = () => void this.queue.ended();
    this.saving = new SavingState(host);
    this.tags = new TagsState(host);
    this.review = new ReviewState(host, this.player);
    this.alerts = new AlertsState(host, (alert) => this.#tap(alert));
  }

  /** Heard, and on the desktop when the window is not in front. */
  #tap(alert: Alert): void {
    const { alertSound, alertNotice } = this.settings.value ?? {};
    // Where recordings sound: the chosen device, without an audio engine of the window's own that would never rest.
    if (alertSound) this.host.ask('chime', { severity: alert.severity }).catch(() => undefined);
    if (!alertNotice || document.hasFocus()) return;
    const body = `${matter(alert)} · ${against(alert)}`;
    this.host.ask('notice', { title: subject(alert), body }).catch(() => undefined);
  }

  /** Opens everything; when the program could not, the window says why. */
  async start(): Promise<void> {
    try {
      await this.#open();
    } catch (error) {
      // Without settings there is no chosen language either.
      i18n.set(systemLocale(navigator.languages));
      this.broken = asProblem(error);
    }
    await this.host.ask('window_ready', {});
  }

  async #open(): Promise<void> {
    await this.settings.start();
    const first = this.views.list.find((one) => one.id === this.views.first);
    this.floor.view = first?.view ?? viewFrom(this.settings.value?.floorView);
    this.calls.list.look = callsLookFrom(this.settings.value?.callsView);
    await this.session.start();
    await Promise.all([
      this.floor.start(),
      this.player.start(),
      this.tags.start(),
      this.alerts.start(),
      this.calls.watch(),
    ]);
  }

  /** Everything of the session that ended; what it learned of another account must not be shown. */
  forget(): void {
    this.past.clear();
    this.floor.clear();
    this.queue.stop();
    this.queue.leave();
    this.calls.clear();
    this.tags.clear();
    this.review.clear();
    this.alerts.clear();
    this.view = 'floor';
  }

  /** From an agent's row to that agent's calls of today. */
  async callsOf(agent: string): Promise<void> {
    this.view = 'calls';
    const search = { ...EMPTY_SEARCH, ...period('today', new Date()), period: 'today', agent };
    this.calls.take({ search, local: EMPTY_LOCAL }, new Date());
    await this.calls.run();
  }

  /** From a call found to judging it. */
  async judge(call: Call, card?: string): Promise<void> {
    this.view = 'review';
    await this.review.judge(call, card);
  }

  /** Plays a call because the person asked for it. */
  async play(call: Call): Promise<void> {
    this.queue.chosen(call);
    await this.#hear(call, true);
  }

  /** Plays a call, and has the one after it fetched once this one is here. */
  async #hear(call: Call, asked: boolean): Promise<void> {
    this.queue.stop();
    const { list } = this.calls;
    if (list.selected !== call.guid) {
      list.selected = call.guid;
      list.current = call;
      void list.find(call.guid);
    }
    await this.player.open(call, asked);
    const next = await this.queue.beside(1);
    if (next && this.player.call?.guid === call.guid)
      this.host.ask('recording_prefetch', { call: next }).catch(() => undefined);
  }

  /** Plays the call beside the one in the player, in the order of the list. */
  async playBeside(by: number): Promise<void> {
    if (this.view === 'review') return this.review.move(by > 0 ? 1 : -1);
    const next = await this.queue.beside(by);
    if (next) await this.#hear(next, true);
  }

  /** Searches of calls under a name. */
  searches = $derived.by(() => namedFrom(SEARCHES, this.settings.value?.searches));

  keepSearches(searches: SavedSearches): void {
    void this.settings.change({ searches });
  }

  keepFloorView(parts: Partial<FloorView>): void {
    this.floor.keep(parts);
  }

  /** Views of the floor under a name. */
  views = $derived.by(() => namedFrom(VIEWS, this.settings.value?.views));

  keepViews(views: SavedViews): void {
    void this.settings.change({ views });
  }
}
