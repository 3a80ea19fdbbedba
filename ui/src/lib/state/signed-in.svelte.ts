// Everything of one signed-in session: made when it begins, dropped when it ends, so that nothing of one account can be
// seen by the next. What outlives it is the app's: settings, who is signed in, the list of wallboards.
import { type ActKind, firstValues, type Target, type Values } from '../acts';
import type { Call, Offered, Problem } from '../host/host';
import { type Incident, isReview, severityOf } from '../incident';
import { matter, subject } from '../alert-text';
import type { Visit } from '../report-tables';
import { Limits } from '../thresholds';
import { AheadState } from './ahead.svelte';
import { AlertsState } from './alerts.svelte';
import type { App } from './app.svelte';
import { BackupState } from './backup.svelte';
import { callsLookFrom } from './call-list.svelte';
import { CallNotes } from './call-notes.svelte';
import { CallsState } from './calls.svelte';
import { DailyReports } from './daily.svelte';
import { DiagnosticsState } from './diagnostics.svelte';
import { Files } from './files';
import { FloorState } from './floor.svelte';
import { viewFrom } from './floor-view';
import { Listening } from './listening.svelte';
import { OutreachState, type FilePage } from './outreach.svelte';
import { Panels } from './panels';
import { PastState } from './past.svelte';
import { PlayerState } from './player.svelte';
import { ReviewState } from './review.svelte';
import { SavingState } from './saving.svelte';
import { SessionHost } from './session-host';
import { ServerTime } from './server-time';
import type { Session } from './session.svelte';
import type { ShiftReportState } from './shift-report.svelte';
import { SettingsFileState } from './settings-file.svelte';
import type { SettingsState } from './settings.svelte';
import type { SupportState } from './support.svelte';
import { isPicked, picked } from './sources';
import { TagsState } from './tags.svelte';
import { TeamState } from './team.svelte';
import { UpdatesState } from './updates.svelte';
import type { WallsList } from './walls-list.svelte';

export type View = 'floor' | 'calls' | 'review' | 'outreach' | 'settings';

const aboutWhat = (kind: ActKind, { number, agent }: Target) =>
  JSON.stringify([kind, number, agent?.location]);

export class SignedIn {
  /** The room on show. */
  view = $state<View>('floor');
  /** Files are dragged over the window. */
  dragging = $state(false);
  /** What is about to be done: its sheet is open. */
  /** Whom and what the floor had open when a report was left for it: a person's location, a campaign. */
  #open: [string | null, string | null] = [null, null];
  /** What was typed last into a sheet that was put away, and whom it was about. */
  #unsent: { of: string; typed: Values } | null = null;
  act = $state.raw<{ kind: ActKind; target: Target; first: Values } | null>(null);
  readonly settings: SettingsState;
  readonly session: Session;
  readonly walls: WallsList;
  readonly floor: FloorState;
  /** What the next quarter of an hour brings. */
  readonly ahead: AheadState;
  readonly past: PastState;
  /** The clock that everything on show is told by. */
  readonly time: ServerTime;
  readonly calls: CallsState;
  readonly player: PlayerState;
  readonly listening: Listening;
  readonly saving: SavingState;
  readonly tags: TagsState;
  readonly review: ReviewState;
  /** The notes on the call looked at in the calls' room. */
  readonly notes: CallNotes;
  readonly outreach: OutreachState;
  readonly alerts: AlertsState;
  readonly files: Files;
  /** The report that is made every day. */
  readonly daily: DailyReports;
  /** The team this desk belongs to. */
  readonly team: TeamState;
  /** Newer versions of the program. */
  readonly updates: UpdatesState;
  readonly diagnostics: DiagnosticsState;
  readonly settingsFile: SettingsFileState;
  readonly panels: Panels;
  /** When figures are amber or red. */
  limits = $derived.by(() => {
    const chosen = this.settings.value;
    return chosen ? new Limits(chosen, () => this.floor.agents) : null;
  });
  /** The report for support, which needs no session. */
  get support(): SupportState {
    return this.app.support;
  }
  readonly #host: SessionHost;

  constructor(
    private readonly app: App,
    /** The profile signed in with. */
    readonly account: string | null = null,
  ) {
    const { settings, session, walls, drafts } = app;
    const host = new SessionHost(app.host);
    this.#host = host;
    this.files = new Files(host);
    this.diagnostics = new DiagnosticsState(host);
    [this.settings, this.session, this.walls] = [settings, session, walls];
    this.ahead = new AheadState(host);
    this.floor = new FloorState(
      host,
      (view) => void settings.change({ floorView: view }),
      () => settings.value?.teams ?? [],
      () => this.limits,
      this.ahead.of,
    );
    const first = settings.views.list.find((one) => one.id === settings.views.first);
    this.floor.view = first?.view ?? viewFrom(settings.value?.floorView);
    this.past = new PastState(host, this.floor);
    this.time = new ServerTime(() => this.past.offset);
    this.tags = new TagsState(host, drafts);
    const profile = session.state?.profile;
    this.calls = new CallsState(
      host,
      this.time.today,
      (look) => void settings.change({ callsView: look }),
      (guids) => void this.tags.learn(guids),
      drafts,
      profile ? `${profile.user}@${profile.serverUrl}` : '',
    );
    this.calls.list.look = callsLookFrom(settings.value?.callsView);
    this.player = new PlayerState(host, (parts) => settings.know(parts), settings.value ?? undefined);
    this.listening = new Listening(host, this.player, () => settings.value?.autoAdvance ?? false);
    this.saving = new SavingState(host);
    this.review = new ReviewState(
      host,
      this.player,
      this.listening,
      drafts,
      () => this.team.now?.state != null,
    );
    this.notes = new CallNotes(host, this.player, drafts, this.listening.notes);
    this.outreach = new OutreachState(host);
    this.alerts = new AlertsState(host, (alert) => this.#tap(alert));
    this.daily = new DailyReports(
      host,
      () => this.limits,
      (title, body) => void host.ask('notice', { title, body }).catch(() => undefined),
    );
    this.team = new TeamState(host, () => void this.review.others());
    this.updates = new UpdatesState(host, () => ({
      reviewing: this.review.isHalfDone,
      writing: this.act !== null,
    }));
    this.settingsFile = new SettingsFileState(host, settings);
    // Putting a backup back ends the session, and goes on after it.
    const backup = () => new BackupState(app.host, settings);
    this.panels = new Panels(host, this.files, drafts, this.past, this.tags, this.floor, settings, backup);
  }

  /** Begins to hear what the program tells by itself. */
  async start(): Promise<void> {
    await Promise.all([
      this.floor.start(),
      this.player.start(),
      this.tags.start(),
      this.alerts.start(),
      this.daily.start(),
      this.team.start(),
      this.calls.watch(),
    ]);
  }

  /** It is over: what comes now is too late, and what would go on by itself reaches nobody. */
  end(): void {
    this.alerts.end();
    this.#host.end();
  }

  /** Heard, and on the desktop when the window is not in front. */
  #tap(alert: Incident): void {
    const { alertSound, alertNotice } = this.settings.value ?? {};
    const sounds = this.#sounds(alert);
    // Where recordings sound: the chosen device, without an audio engine of the window's own that would never rest.
    if (alertSound && sounds) this.#host.ask('chime', { severity: severityOf(alert) }).catch(() => undefined);
    if (!alertNotice || document.hasFocus()) return;
    this.#host.ask('notice', { title: subject(alert), body: matter(alert) }).catch(() => undefined);
  }

  /** Whether somebody wanted to hear of it. */
  #sounds(alert: Incident): boolean {
    const { rules = [], reviewRules = [] } = this.settings.value ?? {};
    if (isReview(alert)) {
      const of = (card: string) => reviewRules.find((rule) => rule.card === card);
      return (of(alert.card) ?? of(''))?.hears === 'sound';
    }
    const under = alert.parts.filter((part) => part.overMs === null).map((part) => part.rule);
    return rules.some((rule) => under.includes(rule.id) && rule.hears === 'sound');
  }

  /** Opens what an alert is about: the review, the person, or else the campaign. */
  openAlert(alert: Incident): void {
    if (isReview(alert)) {
      this.alerts.open = false;
      this.view = 'review';
      void this.review.open(alert.review);
      return;
    }
    this.view = 'floor';
    this.alerts.open = false;
    this.floor.adding = null;
    if (alert.location !== null) this.floor.person = alert.location;
    else if (alert.campaign !== null) this.floor.select(alert.campaign);
  }

  /** Leaves the shift report for the floor at a moment, and for whom or what a row of it was about. */
  async lookAt({ atMs, campaign, location }: Visit, from: ShiftReportState): Promise<void> {
    this.#open = [this.floor.person, this.floor.view.selected];
    this.floor.person = location;
    this.floor.select(campaign);
    await this.past.visit(atMs, from);
  }

  /** Opens the shift report; one that was left for the floor at a moment as it was left, over what was open by then. */
  report(): void {
    if (this.past.left) {
      [this.floor.person] = this.#open;
      this.floor.select(this.#open[1]);
    }
    this.past.report();
  }

  /** Whether this desk offers to do such things: not where it only looks. */
  #may(group: Offered): boolean {
    const { offered, lookOnly } = this.settings.value ?? {};
    const decided = this.session.state?.decided.lookOnly ?? false;
    const looks = decided || (this.account !== null && (lookOnly?.includes(this.account) ?? false));
    return !looks && (offered?.includes(group) ?? false);
  }

  /** The same now: not while the floor shows the past. */
  offers(group: Offered): boolean {
    return this.past.at === null && this.#may(group);
  }

  /** Whether what to do first is offered: in the room somebody comes in by, and in no other's way. */
  get welcoming(): boolean {
    return this.view === 'floor' && this.settings.value?.welcomed === false;
  }

  /** Whether there is a room for reaching out to many: not where none of it is offered, unless it is on show. Rooms do not come
   *  and go with the past. */
  get reachesOut(): boolean {
    return (
      this.view === 'outreach' || (['dialer', 'messages', 'blacklist'] as const).some((one) => this.#may(one))
    );
  }

  /** Who sits here, as everything that is written down says it. */
  get me(): string {
    const { reviewer, profile } = this.session.state ?? {};
    return this.settings.value?.reviewer.trim() || reviewer?.trim() || (profile?.user ?? '');
  }

  /** Where a file goes that is dropped now. */
  get taking(): FilePage | null {
    return this.outreach.taking((group) => this.offers(group));
  }

  /** Takes files that were dropped. */
  async drop(paths: string[]): Promise<void> {
    const page = this.taking;
    // What stands in front of the rooms is finished first.
    if (page === null || this.act) return;
    this.view = 'outreach';
    await this.outreach.take(page, paths);
  }

  /** Opens the sheet of something to be done; what was typed into it before it was put away is there again. */
  begin(kind: ActKind, target: Target, first: Values = {}): void {
    const usual = firstValues(kind, target, this.floor.campaigns);
    const again = this.#unsent?.of === aboutWhat(kind, target) ? this.#unsent.typed : {};
    this.act = { kind, target, first: { ...usual, ...first, ...again } };
  }

  /** Puts the sheet away, with what was typed and not sent. */
  endAct(typed: Values): void {
    if (this.act) this.#unsent = { of: aboutWhat(this.act.kind, this.act.target), typed };
    this.act = null;
  }

  /** From a number to the calls with it of today. */
  async callsWith(number: string): Promise<void> {
    this.view = 'calls';
    await this.calls.ofToday({ destination: number });
  }

  /** From an agent to that agent's calls of today, and to one of them. */
  async callsOf(agent: string, guid: string | null = null): Promise<void> {
    this.view = 'calls';
    await this.calls.ofToday({ agent }, guid);
  }

  /** From a call found to judging it. */
  async judge(call: Call, card?: string): Promise<void> {
    this.view = 'review';
    await this.review.judge(call, card);
  }

  /** From a review told of somewhere else to the review itself; what was in its way, if it cannot be opened. */
  async openReview(id: number): Promise<Problem | null> {
    await this.review.open(id);
    if (this.review.problem === null) this.view = 'review';
    return this.review.problem;
  }

  /** Plays a call of the list because the person asked for it; one of those picked is heard among them. */
  async play(call: Call): Promise<void> {
    const { source } = this.listening;
    const among = isPicked(source) && source.calls.some((one) => one.guid === call.guid);
    await this.listening.listen({ call, source: among ? source : this.calls.list.source, asked: true });
  }

  /** Plays only these, from the first one on; the server is not asked to convert any of them. */
  async playPicked(calls: readonly Call[]): Promise<void> {
    const heard = calls.filter((one) => one.answered);
    const [call] = heard;
    const source = picked(heard, this.calls.list.source);
    if (call) await this.listening.listen({ call, source, asked: false });
  }

  /** Shows a call in the list of the calls' room. */
  async showInList(call: Call): Promise<void> {
    this.view = 'calls';
    await this.calls.showInList(call);
  }
}
